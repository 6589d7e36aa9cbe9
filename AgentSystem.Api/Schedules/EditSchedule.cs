using AgentSystem.Api.Http;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Schedules;

/// <summary><c>PATCH</c> and <c>DELETE /api/v1/schedules/{id}</c>.</summary>
internal static class EditSchedule
{
    public static async Task<Results<Ok<ScheduleView>, FailureResult>> Change(
        string id, ChangeSchedule body, HttpContext http, IScheduleStore schedules, TimeProvider time, CancellationToken cancellation)
    {
        if ((AddSchedule.RefuseName(body.Name) ?? AddSchedule.RefuseCron(body.Cron) ?? (body.Input is { } input ? RunIntake.CheckInput(input) : null)) is { } refused)
        {
            return new FailureResult(refused);
        }

        var scope = ReadSchedules.Scope(http.Caller());
        if (await schedules.FindAsync(scope, id, cancellation) is not { } before)
        {
            return new FailureResult(AddSchedule.NotFound(id));
        }

        var next = ScheduleTimes.Next(body.Cron ?? before.Cron, time.GetUtcNow());
        var change = new ScheduleChange(body.Name?.Trim(), body.Cron, body.Input is { } asked ? RunIntake.Input(asked) : null, body.Enabled, next);
        return await schedules.ChangeAsync(scope, id, change, cancellation) is { } changed ? TypedResults.Ok(changed) : new FailureResult(AddSchedule.NotFound(id));
    }

    public static async Task<Results<NoContent, FailureResult>> Remove(string id, HttpContext http, IScheduleStore schedules, CancellationToken cancellation) =>
        await schedules.DeleteAsync(ReadSchedules.Scope(http.Caller()), id, cancellation) ? TypedResults.NoContent() : new FailureResult(AddSchedule.NotFound(id));
}
