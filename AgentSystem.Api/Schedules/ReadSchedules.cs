using AgentSystem.Api.Http;
using AgentSystem.Api.Runs;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Schedules;

/// <summary><c>GET /api/v1/schedules</c> and <c>/{id}</c>.</summary>
internal static class ReadSchedules
{
    public static async Task<Results<Ok<ListPage<ScheduleView>>, FailureResult>> List(HttpContext http, IScheduleStore schedules, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        return failure is not null
            ? new FailureResult(failure)
            : TypedResults.Ok(page!.Page(await schedules.ListAsync(Scope(http.Caller()), page.After, page.Limit + 1, cancellation), static schedule => schedule.Id));
    }

    public static async Task<Results<Ok<ScheduleView>, FailureResult>> One(string id, HttpContext http, IScheduleStore schedules, CancellationToken cancellation) =>
        await schedules.FindAsync(Scope(http.Caller()), id, cancellation) is { } schedule ? TypedResults.Ok(schedule) : new FailureResult(AddSchedule.NotFound(id));

    /// <summary>Which schedules a key meets: as with runs.</summary>
    public static ScheduleScope Scope(Caller caller) => new(caller.Tenant, RunAccess.User(caller));
}
