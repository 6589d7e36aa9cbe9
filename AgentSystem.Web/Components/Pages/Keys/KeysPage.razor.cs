using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Limits;
using AgentSystem.Contracts.Security;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Keys;

/// <summary>The keys of the tenant: see, create, revoke.</summary>
public sealed partial class KeysPage : IDisposable
{
    private const string Everything = "*";

    /// <summary>Names shown of a long list; the others are told when one points at it.</summary>
    private const int ShownNames = 3;

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<KeyView>? _keys;
    private Dictionary<string, LimitUse> _used = [];
    private ApiFailure? _failure;

    /// <summary>The key this person is signed in with, where it can be told.</summary>
    private string? _own;

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private ISignedInKey SignedIn { get; set; } = null!;

    [Inject]
    private BrowserTime Clock { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Notes { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Clock.LearnAsync();
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        var keys = await Api.ListKeysAsync(_left.Token);
        _failure = keys.Failure;
        if (keys.IsSuccess)
        {
            // Working keys first, the newest on top; what is over stays for the record.
            _own = OwnKey.Find(keys.Value.Data, await SignedIn.FindAsync());
            // What is used is an extra: without it the page still says who may call.
            var used = await Api.Operations.ListLimitsAsync(_left.Token);
            _used = used.Value?.Data.ToDictionary(static limit => limit.Scope, static limit => limit.Used) ?? [];
            _keys = [.. keys.Value.Data.OrderBy(key => StateOf(key) is not null).ThenByDescending(static key => key.CreatedAt)];
        }
    }

    private async Task CreateAsync()
    {
        // A click beside the dialog must not throw away a secret that is shown only once.
        var dialog = await Dialogs.ShowAsync<CreateKeyDialog>("Create key", new DialogOptions { BackdropClick = false });
        await dialog.Result;
        await LoadAsync();
    }

    private async Task RevokeAsync(KeyView key)
    {
        var dialog = await Dialogs.ShowAsync<RevokeKeyDialog>("Revoke key", new DialogParameters<RevokeKeyDialog> { { ask => ask.Key, key } });
        if (await dialog.Result is not { Canceled: false })
        {
            return;
        }

        if (await Api.RevokeKeyAsync(key.Id, _left.Token) is { } failure)
        {
            _failure = failure;
            return;
        }

        Notes.Add($"{key.Name} is revoked.", Severity.Success);
        await LoadAsync();
    }

    /// <summary>Why the key does not work any more; null when it works.</summary>
    private string? StateOf(KeyView key) => key switch
    {
        { RevokedAt: not null } => "revoked",
        { ExpiresAt: { } end } when end <= Time.GetUtcNow() => "expired",
        _ => null,
    };

    /// <summary>What it reaches, in full: a list can name any number of agents.</summary>
    private static string Reach(KeyView key) => Reach(key, int.MaxValue);

    /// <summary>What it reaches, with so many names of each kind.</summary>
    private static string Reach(KeyView key, int most)
    {
        var parts = new[]
        {
            key.Agents.Contains(Everything) ? "all agents" : Names(key.Agents, most),
            key.Tools.Contains(Everything) ? null : key.Tools.Count == 0 ? "no tools" : $"tools {Names(key.Tools, most)}",
            key.User is null ? null : $"user {key.User}",
        };
        return string.Join(" · ", parts.Where(static part => part is { Length: > 0 }));
    }

    private static string Names(IReadOnlyList<string> names, int most) =>
        names.Count <= most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(most))} and {names.Count - most} more";

    private static string LimitsOf(KeyView key)
    {
        var parts = new[]
        {
            key.Limits.RequestsPerMinute is { } requests ? $"{Figures.Count(requests)} req/min" : null,
            key.Limits.TokensPerMinute is { } tokens ? $"{Figures.Count(tokens)} tok/min" : null,
            key.Limits.Concurrency is { } concurrency ? $"{concurrency} at once" : null,
        };
        var limits = string.Join(" · ", parts.OfType<string>());
        return limits.Length == 0 ? "none" : limits;
    }

    /// <summary>What the key used of the sliding minute, where it has limits and used anything.</summary>
    private string? UseOf(KeyView key)
    {
        if (!_used.TryGetValue("key:" + key.Id, out var used) || used is { Requests: 0, Tokens: 0, InProgress: 0 } || key.Limits == KeyLimits.None)
        {
            return null;
        }

        return $"this minute: {Figures.Count((long)Math.Ceiling(used.Requests))} req, {Figures.Count((long)Math.Ceiling(used.Tokens))} tok, {used.InProgress} now";
    }

    private string Ago(DateTimeOffset moment) => Moments.Ago(moment, Time.GetUtcNow(), Clock.Local);
}
