using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Schedules;

/// <summary>Routes of schedules.</summary>
internal static class SchedulesEndpoints
{
    /// <summary>Maps <c>/api/v1/schedules</c>.</summary>
    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("Schedules");
        schedules.MapPost("/", AddSchedule.Handle).WithName("CreateSchedule").WithSummary("Start runs by the clock")
            .WithDescription("`cron` has five fields, in UTC. Each run is this key's; times that pass while nothing serves are made up for by one run.").RequireAuthorization(Scopes.RunsWrite);
        schedules.MapGet("/", ReadSchedules.List).WithName("ListSchedules").WithSummary("Schedules, the newest first").RequireAuthorization(Scopes.RunsRead);
        schedules.MapGet("/{id}", ReadSchedules.One).WithName("GetSchedule").WithSummary("One schedule").RequireAuthorization(Scopes.RunsRead);
        schedules.MapPatch("/{id}", EditSchedule.Change).WithName("UpdateSchedule").WithSummary("Change, pause or resume a schedule").RequireAuthorization(Scopes.RunsWrite);
        schedules.MapDelete("/{id}", EditSchedule.Remove).WithName("DeleteSchedule").WithSummary("Remove a schedule; its runs stay").RequireAuthorization(Scopes.RunsWrite);
    }
}
