using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The versions of an agent: which one answers, what differs, and the way back.</summary>
public sealed partial class VersionsPage
{
    private PagedRows<AgentVersionView> _versions = null!;
    private AgentDiff? _diff;
    private ApiFailure? _diffFailure;
    private ApiFailure? _failure;
    private string? _seen;
    private int _active;
    private bool _archived;
    private int _from;
    private int _to;
    private bool _busy;

    [Parameter]
    public string Name { get; set; } = "";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _versions = new PagedRows<AgentVersionView>(ListAsync);
    }

    protected override async Task ArriveAsync()
    {
        _failure = null;
        await _versions.FirstAsync(Left);
        if (_versions.Rows is [var newest, ..] rows)
        {
            if (rows is [_, var before, ..])
            {
                await PickAsync(before.Version, newest.Version);
            }
        }
    }

    /// <summary>Every page of the list tells where the agent stands now; a change is made on top of that, and of nothing that is not shown.</summary>
    private async Task<ApiResult<ListPage<AgentVersionView>>> ListAsync(string? cursor, CancellationToken cancellation)
    {
        var page = await Api.Agents.ListVersionsAsync(Name, cursor, cancellation);
        if (page.Value?.Data is [var any, ..])
        {
            (_seen, _active, _archived) = (page.ETag, any.ActiveVersion, any.Archived);
        }

        return page;
    }

    private async Task PickAsync(int from, int to)
    {
        (_from, _to, _diff, _diffFailure) = (from, to, null, null);
        var diff = await Api.Agents.DiffAsync(Name, from, to, Left);
        if ((_from, _to) == (from, to))
        {
            (_diff, _diffFailure) = (diff.Value, diff.Failure);
        }
    }

    private async Task ActivateAsync(int version)
    {
        var (title, words, button) = Question(version);
        if (!await AskDialog.AskAsync(Dialogs, title, words, button, dangerous: false))
        {
            return;
        }

        _busy = true;
        var activated = await Api.Agents.ActivateAsync(Name, version, _seen, Left);
        _busy = false;
        var failure = activated.Failure;
        if (activated.IsSuccess)
        {
            Note(_archived ? $"{Name} answers calls again, with version {version}." : $"Version {version} is active.");
        }

        // Whether it worked or somebody was faster: what is shown is what is.
        await ArriveAsync();
        _failure = failure;
    }

    private (string Title, string Words, string Button) Question(int version)
    {
        if (_archived)
        {
            return ("Bring back", $"{Name} is listed again, and calls of it are answered by version {version} from now on.", $"Bring back with version {version}");
        }

        var back = version < _active;
        return (
            back ? "Roll back" : "Activate",
            $"Calls of {Name} are answered by version {version} from now on, instead of version {_active}. Calls in progress end as they began.",
            back ? $"Roll back to version {version}" : $"Activate version {version}");
    }
}
