using AgentSystem.Contracts.Agents;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>All agents, page by page, with a search the API does: there may be ten thousand.</summary>
public sealed partial class AgentsPage
{
    private PagedRows<AgentView> _agents = null!;
    private string _search = "";
    private bool _archived;
    private bool _arrived;

    /// <summary><c>true</c> for the agents that are put away.</summary>
    [SupplyParameterFromQuery]
    private string? Archived { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _agents = List(archived: false);
    }

    /// <summary>Between the two lists only the address changes: the page stays.</summary>
    protected override async Task OnParametersSetAsync()
    {
        var archived = Archived == "true";
        if (archived == _archived)
        {
            return;
        }

        (_archived, _agents) = (archived, List(archived));
        if (_arrived)
        {
            await _agents.FirstAsync(Left);
        }
    }

    protected override Task ArriveAsync()
    {
        _arrived = true;
        return _agents.FirstAsync(Left);
    }

    private PagedRows<AgentView> List(bool archived) => new((cursor, cancellation) => Api.Agents.ListAsync(_search, cursor, cancellation, archived: archived));

    private Task SearchAsync(string words)
    {
        _search = words.Trim();
        return _agents.FirstAsync(Left);
    }
}
