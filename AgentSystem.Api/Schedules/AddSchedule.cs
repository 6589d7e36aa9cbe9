using AgentSystem.Api.Http;
using AgentSystem.Api.Threads;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Schedules;

/// <summary><c>POST /api/v1/schedules</c>: what a run would be refused for is refused here already.</summary>
internal static class AddSchedule
{
    private const int LongestName = 200;

    public static async Task<Results<Created<ScheduleView>, FailureResult>> Handle(
        CreateSchedule body, HttpContext http, IScheduleStore schedules, RunIntake intake, IOptions<SecurityOptions> security, IOptions<ScheduleOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var refused = RefuseName(body.Name) ?? RefuseCron(body.Cron) ?? ThreadAccess.RefuseNew(caller, body.User, security.Value.MaxUserLength)
            ?? await intake.CheckAsync(new RunOrder(caller, body.Agent, body.Input, body.User, body.ThreadId, body.OnConflict, body.BudgetUsd, body.Webhook), cancellation);
        if (refused is not null)
        {
            return new FailureResult(refused);
        }

        var (now, enabled, most) = (time.GetUtcNow(), body.Enabled ?? true, options.Value.MaxPerTenant);
        var run = new ScheduledRun(caller, body.User, body.Agent, RunIntake.Input(body.Input), body.ThreadId, body.OnConflict, body.BudgetUsd, body.Webhook);
        var made = await schedules.AddAsync(
            new NewSchedule(body.Name.Trim(), body.Cron, run, RequestUser.Name(caller, body.User), enabled, enabled ? ScheduleTimes.Next(body.Cron, now) : null, now), most, cancellation);
        return made is null
            ? new FailureResult(new RunFailure(409, "invalid_request_error", "too_many_schedules", $"The tenant has {most} schedules, which is all it may have (Schedules:MaxPerTenant); delete one first."))
            : TypedResults.Created($"/api/v1/schedules/{made.Id}", made);
    }

    /// <summary>Null when it can be a name.</summary>
    public static RunFailure? RefuseName(string? name) => name is not null && (string.IsNullOrWhiteSpace(name) || name.Length > LongestName)
        ? RunFailure.Invalid("invalid_value", $"\"name\" must have 1 to {LongestName} characters.", "name")
        : null;

    /// <summary>Null when it says times.</summary>
    public static RunFailure? RefuseCron(string? cron) => cron is not null && !ScheduleTimes.IsValid(cron)
        ? RunFailure.Invalid("invalid_value", $"\"cron\" must be {ScheduleTimes.Form}.", "cron")
        : null;

    /// <summary>Also the answer to another tenant's schedule and to another user's.</summary>
    public static RunFailure NotFound(string id) => RunFailure.NotFound("schedule_not_found", $"There is no schedule \"{id}\".", "id");
}
