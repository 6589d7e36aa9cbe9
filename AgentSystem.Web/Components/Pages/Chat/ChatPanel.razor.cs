using System.Text.Json;
using AgentSystem.Contracts.Feedback;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Chat;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Chat;

/// <summary>A conversation with one agent, over the same endpoint any client uses; kept as a thread where the page says so.</summary>
public sealed partial class ChatPanel : IDisposable
{
    /// <summary>How the API names the user of a call that named none.</summary>
    private const string KeyAsUser = "key:";

    /// <summary>Bytes of the longest message the API takes, as they are sent: JSON in UTF-8.</summary>
    internal const int LongestMessage = 1024 * 1024;

    /// <summary>Characters the box takes: more than can be sent, so that what is pasted can be shortened there, and no more than the circuit carries.</summary>
    private const int MostTyped = 1_200_000;

    /// <summary>Tokens can come faster than a screen is worth repainting.</summary>
    private static readonly TimeSpan PaintInterval = TimeSpan.FromMilliseconds(40);

    private readonly Conversation _conversation = new();
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _answering;
    private string? _thread;
    private string _draft = "";
    private ApiFailure? _failure;
    private ElementReference _list;
    private ElementReference _box;

    /// <summary>Who is asked; nothing can be sent without.</summary>
    [Parameter]
    public string? Agent { get; set; }

    /// <summary>Whose memory and cache it is; empty: the key's own.</summary>
    [Parameter]
    public string? User { get; set; }

    /// <summary>True when the conversation is kept as a thread, begun at the first message.</summary>
    [Parameter]
    public bool Kept { get; set; }

    /// <summary>The thread that is continued; null: none yet.</summary>
    [Parameter]
    public string? ThreadId { get; set; }

    /// <summary>What was said in the thread before.</summary>
    [Parameter]
    public IReadOnlyList<MessageView> Past { get; set; } = [];

    /// <summary>Called with the id of the thread that was begun.</summary>
    [Parameter]
    public EventCallback<string> OnBegun { get; set; }

    /// <summary>Called when an answer begins and when it ends.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    /// <summary>Questions to begin with.</summary>
    [Parameter]
    public IReadOnlyList<string> Ideas { get; set; } = [];

    [Parameter]
    public string Welcome { get; set; } = "Answers stream in as they are made. Below each one you see which tools were used, how long it took and what it cost.";

    /// <summary>True beside other things on a page.</summary>
    [Parameter]
    public bool Compact { get; set; }

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Notes { get; set; } = null!;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    public bool InProgress => _conversation.InProgress;

    public bool IsEmpty => _conversation.Turns.Count == 0;

    // A character takes at most six bytes, so nearly every draft is short enough without being counted.
    private bool IsTooLong => _draft.Length > LongestMessage / 6 && JsonEncodedText.Encode(_draft, PlatformJson.Options.Encoder).EncodedUtf8Bytes.Length > LongestMessage;

    private bool CanAsk => Agent is { Length: > 0 } && !_conversation.InProgress;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        _answering?.Dispose();
    }

    /// <summary>Puts the cursor where one writes.</summary>
    public ValueTask FocusAsync() => _box.FocusAsync();

    /// <summary>Shows the end of the conversation.</summary>
    public ValueTask ShowEndAsync() => FollowAsync(always: true);

    /// <summary>Forgets the conversation here; a thread stays where it is kept.</summary>
    public async Task StartAnewAsync()
    {
        await StopAsync();
        _conversation.Clear();
        (_failure, _thread) = (null, null);
    }

    protected override void OnParametersSet() => _thread = ThreadId ?? _thread;

    private async Task SendAsync(string text)
    {
        var question = text.Trim();
        if (question.Length == 0 || !CanAsk || (ReferenceEquals(text, _draft) && IsTooLong))
        {
            return;
        }

        (_draft, _failure) = ("", null);
        var turn = _conversation.Ask(question);
        await OnChanged.InvokeAsync();
        StateHasChanged();
        // What was changed while an event is handled is painted when the handler first waits.
        await Task.Yield();
        await Browser.InvokeVoidAsync("agentsystem.fit", _box);
        await FollowAsync(always: true);

        _answering?.Dispose();
        _answering = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        var painting = PaintAsync(turn, answered.Token);
        try
        {
            await AnswerAsync(turn, _answering.Token);
        }
        catch (OperationCanceledException) when (!_left.IsCancellationRequested)
        {
            turn.Stop();
        }

        await answered.CancelAsync();
        await painting;
        await OnChanged.InvokeAsync();
        StateHasChanged();
        await Task.Yield();
        await FollowAsync(always: false);
    }

    private async Task AnswerAsync(Turn turn, CancellationToken cancellation)
    {
        string? named = null;
        await foreach (var happened in Api.ChatAsync(Ask(turn), cancellation))
        {
            turn.Take(happened);
            if (happened is ChatFailed failed)
            {
                GiveBack(turn, failed.Failure);
            }
            else if (happened is ChatBegun begun)
            {
                named = begun.ThreadId;
            }
            else if (Kept && happened is ChatFinished && named is { } id && id != _thread)
            {
                // Only now: a thread whose first answer broke off was never begun.
                _thread = id;
                await OnBegun.InvokeAsync(id);
            }
        }
    }

    /// <summary>A thread knows what was said before; without one it is said again with every question.</summary>
    private ChatQuestion Ask(Turn turn)
    {
        // A thread of a key itself is gone on with by saying nothing: no name means that key. The API then takes the thread's user.
        var user = string.IsNullOrWhiteSpace(User) || User.StartsWith(KeyAsUser, StringComparison.Ordinal) ? null : User.Trim();
        return Kept
            ? new ChatQuestion(Agent!, [new ChatMessage("user", turn.Question)], user, new ChatMetadata(_thread ?? ChatMetadata.NewThread))
            : new ChatQuestion(Agent!, _conversation.Messages(), user);
    }

    /// <summary>Shows what has come in, at a steady pace however fast it comes, until <paramref name="answered"/>.</summary>
    private async Task PaintAsync(Turn turn, CancellationToken answered)
    {
        using var timer = new PeriodicTimer(PaintInterval, Time);
        var shown = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(answered))
            {
                if (turn.Length != shown)
                {
                    shown = turn.Length;
                    StateHasChanged();
                    await FollowAsync(always: false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The answer is whole, or the page was left; the caller paints the end.
        }
    }

    /// <summary>A failed question goes back into the box, unless the reader has begun another there.</summary>
    private void GiveBack(Turn turn, ApiFailure failure)
    {
        _failure = failure;
        _draft = string.IsNullOrWhiteSpace(_draft) ? turn.Question : _draft;
        if (turn.Answer.Length == 0)
        {
            _conversation.TakeBack(turn);
        }
    }

    private async Task StopAsync()
    {
        if (_answering is { } answering)
        {
            await answering.CancelAsync();
        }

        await _box.FocusAsync();
    }

    private async Task RateAsync(Turn turn, int rating)
    {
        var kept = await Api.GiveFeedbackAsync(new GiveFeedback(turn.Receipt?.Agent ?? Agent!, rating, turn.Receipt?.RequestId), _left.Token);
        if (kept.IsSuccess)
        {
            turn.Rating = rating;
        }
        else
        {
            Notes.Add($"The rating was not kept: {kept.Failure.Message}", Severity.Error);
        }
    }

    private ValueTask FollowAsync(bool always) => Browser.InvokeVoidAsync("agentsystem.follow", _left.Token, _list, always);
}
