using AgentSystem.Contracts.Feedback;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Chat;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Chat;

/// <summary>A conversation with one agent, over the same endpoint any client uses.</summary>
public sealed partial class ChatPage : IDisposable
{
    private const string DefaultUser = "console";

    /// <summary>Tokens can come faster than a screen is worth repainting.</summary>
    private static readonly TimeSpan PaintInterval = TimeSpan.FromMilliseconds(40);

    private static readonly string[] Ideas = ["What is 17 times 23?", "What time is it in Tokyo?", "Remember that my sister's birthday is 4 May"];

    private readonly Conversation _conversation = new();
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _answering;
    private string[] _agents = [];
    private string? _agent;
    private string _user = DefaultUser;
    private string _draft = "";
    private ApiFailure? _failure;
    private ElementReference _list;
    private ElementReference _box;

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

    private bool CanAsk => _agent is { Length: > 0 } && !_conversation.InProgress;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        _answering?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await LoadAgentsAsync();
            StateHasChanged();
            await _box.FocusAsync();
        }
    }

    private async Task LoadAgentsAsync()
    {
        var agents = await Api.ListAgentsAsync(_left.Token);
        _failure = agents.Failure;
        if (agents.IsSuccess)
        {
            _agents = agents.Value;
            _agent = _agents.FirstOrDefault();
            _failure = _agents.Length > 0 ? null : new ApiFailure(0, "no_agents", "This installation has no agent yet. Create one with POST /api/v1/agents.");
        }
    }

    private async Task SendAsync(string text)
    {
        var question = text.Trim();
        if (question.Length == 0 || !CanAsk)
        {
            return;
        }

        (_draft, _failure) = ("", null);
        var turn = _conversation.Ask(question);
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
        StateHasChanged();
        await Task.Yield();
        await FollowAsync(always: false);
    }

    private async Task AnswerAsync(Turn turn, CancellationToken cancellation)
    {
        var user = string.IsNullOrWhiteSpace(_user) ? null : _user.Trim();
        await foreach (var happened in Api.ChatAsync(new ChatQuestion(_agent!, _conversation.Messages(), user), cancellation))
        {
            turn.Take(happened);
            if (happened is ChatFailed failed)
            {
                GiveBack(turn, failed.Failure);
            }
        }
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

    private async Task StartAnewAsync()
    {
        await StopAsync();
        _conversation.Clear();
        _failure = null;
    }

    private async Task RateAsync(Turn turn, int rating)
    {
        var kept = await Api.GiveFeedbackAsync(new GiveFeedback(turn.Receipt?.Agent ?? _agent!, rating, turn.Receipt?.RequestId), _left.Token);
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
