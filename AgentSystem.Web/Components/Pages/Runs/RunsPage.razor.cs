using AgentSystem.Contracts.Runs;
using AgentSystem.Web.Clients.Runs;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Runs;

/// <summary>All runs of the tenant, newest first.</summary>
public sealed partial class RunsPage
{
    private PagedRows<RunSummary> _runs = null!;
    private KeyNames _keys = KeyNames.None;
    private string _status = "";
    private string? _agent;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsFiltered => _status.Length > 0 || _agent is { Length: > 0 };

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _runs = new PagedRows<RunSummary>((cursor, cancellation) => Api.Runs.ListAsync(new RunFilter(_status, _agent), cursor, cancellation));
    }

    protected override async Task ArriveAsync()
    {
        var keys = KeyNames.LoadAsync(Api, Left);
        await _runs.FirstAsync(Left);
        _keys = await keys;
    }

    private Task StatusAsync(ChangeEventArgs change)
    {
        _status = change.Value as string ?? "";
        return _runs.FirstAsync(Left);
    }

    private Task NarrowAsync(string? agent)
    {
        _agent = agent;
        return _runs.FirstAsync(Left);
    }

    private Task ClearAsync()
    {
        (_status, _agent) = ("", null);
        return _runs.FirstAsync(Left);
    }

    private async Task BeginAsync()
    {
        if (await BeginRunDialog.AskAsync(Dialogs) is { } id)
        {
            Navigation.NavigateTo(RunWords.Page(id));
        }
    }
}
