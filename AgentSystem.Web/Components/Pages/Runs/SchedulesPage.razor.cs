using AgentSystem.Contracts.Schedules;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Web.Components.Pages.Runs;

/// <summary>Runs that start by the clock: made, paused, resumed and removed.</summary>
public sealed partial class SchedulesPage
{
    private PagedRows<ScheduleView> _schedules = null!;
    private ApiFailure? _failure;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _schedules = new PagedRows<ScheduleView>(Api.Schedules.ListAsync);
    }

    protected override Task ArriveAsync() => _schedules.FirstAsync(Left);

    private async Task MakeAsync()
    {
        if (await ScheduleDialog.AskAsync(Dialogs))
        {
            Note("The schedule is made.");
            await _schedules.FirstAsync(Left);
        }
    }

    private async Task EnableAsync(ScheduleView schedule)
    {
        _failure = (await Api.Schedules.EnableAsync(schedule.Id, !schedule.Enabled, Left)).Failure;
        await _schedules.AgainAsync(Left);
    }

    private async Task DeleteAsync(ScheduleView schedule)
    {
        if (await AskDialog.AskAsync(Dialogs, "Delete the schedule", $"\"{schedule.Name}\" starts no further run. The runs it started stay.", "Delete", "Keep it"))
        {
            _failure = await Api.Schedules.DeleteAsync(schedule.Id, Left);
            await _schedules.AgainAsync(Left);
        }
    }
}
