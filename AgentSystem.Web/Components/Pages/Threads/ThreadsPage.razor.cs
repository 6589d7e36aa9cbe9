using AgentSystem.Contracts.Threads;
using AgentSystem.Web.Clients.Threads;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Threads;

/// <summary>All conversations of the tenant, newest first.</summary>
public sealed partial class ThreadsPage
{
    private PagedRows<ThreadView> _threads = null!;
    private string _search = "";
    private KeyNames _keys = KeyNames.None;
    private string? _agent;
    private string _user = "";

    /// <summary>The agent to begin with.</summary>
    [SupplyParameterFromQuery]
    private string? Agent { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsFiltered => _search.Length > 0 || _agent is not null || _user.Length > 0;

    internal static string TitleOf(ThreadView thread) => thread.Title is { Length: > 0 } title ? title : "Untitled";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _threads = new PagedRows<ThreadView>((cursor, cancellation) => Api.Threads.ListAsync(new ThreadFilter(_search, _agent, _user), cursor, cancellation));
        _agent = Agent is { Length: > 0 } ? Agent : null;
    }

    protected override async Task ArriveAsync()
    {
        var keys = KeyNames.LoadAsync(Api, Left);
        await _threads.FirstAsync(Left);
        _keys = await keys;
    }

    private Task SearchAsync(string words)
    {
        _search = words.Trim();
        return _threads.FirstAsync(Left);
    }

    private Task NarrowAsync(string? agent)
    {
        _agent = agent;
        return _threads.FirstAsync(Left);
    }

    private Task UserAsync(ChangeEventArgs change)
    {
        _user = (change.Value as string ?? "").Trim();
        return _threads.FirstAsync(Left);
    }

    private Task ClearAsync()
    {
        (_search, _agent, _user) = ("", null, "");
        return _threads.FirstAsync(Left);
    }
}
