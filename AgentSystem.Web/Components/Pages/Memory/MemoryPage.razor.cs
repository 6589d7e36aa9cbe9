using System.Globalization;
using AgentSystem.Contracts.Memory;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Memory;

/// <summary>What an agent remembers of a user: searched, drawn, and as of any day.</summary>
public sealed partial class MemoryPage
{
    private const int MostDays = 730;
    private const string Usual = "assistant";

    private PagedRows<MemoryView> _memories = null!;
    private KeyNames _keys = KeyNames.None;
    private MemoryIndexView? _index;
    private MemoryGraph? _graph;
    private MemoryFound? _found;
    private ApiFailure? _failure;
    private IReadOnlyList<string> _strategies = [];
    private string _query = "";
    private string _user = "";
    private string? _agent;
    private int _daysBack;
    private DateTimeOffset? _asOf;
    private bool _busy;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _memories = new PagedRows<MemoryView>((cursor, cancellation) => Api.Memory.ListAsync(_agent, NullIfEmpty(_user), _asOf, cursor, cancellation));
    }

    protected override async Task ArriveAsync()
    {
        var keys = KeyNames.LoadAsync(Api, Left);
        await ReloadAsync();
        _index = (await Api.Memory.IndexAsync(Left)).Value;
        _keys = await keys;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string Told(MemoryFound found)
    {
        var by = string.Join(", ", found.Strategies.Select(static strategy => strategy.ToString().ToLowerInvariant()));
        var window = found.Window is { } span ? $" It speaks of “{span.Words}”." : "";
        var degraded = found.Degraded.Count > 0 ? $" Not used: {string.Join("; ", found.Degraded)}." : "";
        return (found.Data.Count == 0 ? $"Nothing is found, by {by}." : $"{found.Data.Count} found by {by}, the best first:") + window + degraded;
    }

    private async Task ReloadAsync()
    {
        _failure = null;
        await _memories.FirstAsync(Left);
        _graph = null;
        if (_user.Length > 0)
        {
            var graph = await Api.Memory.GraphAsync(_agent ?? Usual, _user, _asOf, Left);
            (_graph, _failure) = (graph.Value, graph.Failure);
        }

        if (_found is not null && _user.Length > 0)
        {
            await SearchAsync();
        }
    }

    private async Task SearchAsync()
    {
        if (_busy || string.IsNullOrWhiteSpace(_query) || _user.Length == 0)
        {
            return;
        }

        _busy = true;
        var found = await Api.Memory.SearchAsync(new SearchMemory(_agent ?? Usual, _query.Trim(), _user, MemoryWords.Chosen(_strategies), _asOf), Left);
        (_busy, _failure, _found) = (false, found.Failure, found.Value ?? _found);
    }

    private Task OfAgentAsync(string? agent)
    {
        _agent = agent;
        return ReloadAsync();
    }

    private Task OfUserAsync(ChangeEventArgs change)
    {
        _user = (change.Value as string ?? "").Trim();
        _found = null;
        return ReloadAsync();
    }

    private Task AtTimeAsync(ChangeEventArgs change)
    {
        _daysBack = MostDays - (int.TryParse(change.Value as string, NumberStyles.Integer, CultureInfo.InvariantCulture, out var day) ? Math.Clamp(day, 0, MostDays) : MostDays);
        _asOf = _daysBack == 0 ? null : Time.GetUtcNow().AddDays(-_daysBack);
        return ReloadAsync();
    }

    private async Task ForgetAsync(MemoryView memory)
    {
        if (!await AskDialog.AskAsync(Dialogs, "Forget this", $"“{memory.Text}” is gone at once, with its vector and its history.", "Forget", "Keep it"))
        {
            return;
        }

        _failure = await Api.Memory.ForgetAsync(memory.Id, Left);
        if (_failure is null)
        {
            Note("It is forgotten.");
            await ReloadAsync();
        }
    }

    private async Task EraseAsync()
    {
        if (await EraseDialog.AskAsync(Dialogs, NullIfEmpty(_user)))
        {
            await ReloadAsync();
        }
    }
}
