using AgentSystem.Contracts.Agents;
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
    private int _active;
    private int _from;
    private int _to;
    private bool _busy;

    [Parameter]
    public string Name { get; set; } = "";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _versions = new PagedRows<AgentVersionView>((cursor, cancellation) => Api.Agents.ListVersionsAsync(Name, cursor, cancellation));
    }

    protected override async Task ArriveAsync()
    {
        _failure = null;
        await _versions.FirstAsync(Left);
        if (_versions.Rows is [var newest, ..] rows)
        {
            _active = newest.ActiveVersion;
            if (rows is [_, var before, ..])
            {
                await PickAsync(before.Version, newest.Version);
            }
        }
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

    private async Task ActivateAsync(AgentVersionView version)
    {
        var back = version.Version < _active;
        if (!await AskDialog.AskAsync(
            Dialogs, back ? "Roll back" : "Activate", $"Calls of {Name} are answered by version {version.Version} from now on, instead of version {_active}. Calls in progress end as they began.",
            back ? $"Roll back to version {version.Version}" : $"Activate version {version.Version}", dangerous: false))
        {
            return;
        }

        _busy = true;
        var activated = await Api.Agents.ActivateAsync(Name, version.Version, version, Left);
        _busy = false;
        var failure = activated.Failure;
        if (activated.IsSuccess)
        {
            Note($"Version {version.Version} is active.");
        }

        // Whether it worked or somebody was faster: what is shown is what is.
        await ArriveAsync();
        _failure = failure;
    }
}
