using AgentSystem.Contracts.Agents;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>All agents, page by page, with a search the API does: there may be ten thousand.</summary>
public sealed partial class AgentsPage
{
    private PagedRows<AgentView> _agents = null!;
    private string _search = "";

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _agents = new PagedRows<AgentView>((cursor, cancellation) => Api.Agents.ListAsync(_search, cursor, cancellation));
    }

    protected override Task ArriveAsync() => _agents.FirstAsync(Left);

    private Task SearchAsync(string words)
    {
        _search = words.Trim();
        return _agents.FirstAsync(Left);
    }
}
