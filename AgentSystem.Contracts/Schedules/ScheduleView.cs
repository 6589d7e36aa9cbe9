using AgentSystem.Contracts.Runs;

namespace AgentSystem.Contracts.Schedules;

/// <summary>Runs that start by the clock: <c>GET /api/v1/schedules/{id}</c>.</summary>
/// <param name="Name">For people.</param>
/// <param name="Cron">Minute, hour, day of the month, month, day of the week; UTC.</param>
/// <param name="User">Whose runs they are.</param>
/// <param name="OnConflict">What happens where a run is still under way on the thread.</param>
/// <param name="Enabled">False: it starts none until it is enabled again.</param>
/// <param name="NextAt">When the next run starts; null while it is not enabled, and for a cron that has no next time.</param>
/// <param name="LastAt">The time the last run was due.</param>
/// <param name="LastRunId">That run.</param>
/// <param name="LastError">Why the last run could not be started; null when it was.</param>
public sealed record ScheduleView(
    string Id,
    string Name,
    string Cron,
    string Agent,
    string Input,
    string? ThreadId,
    string User,
    ConflictPolicy OnConflict,
    decimal? BudgetUsd,
    string? Webhook,
    bool Enabled,
    DateTimeOffset? NextAt,
    DateTimeOffset? LastAt,
    string? LastRunId,
    string? LastError,
    DateTimeOffset CreatedAt);

/// <summary>Body of <c>POST /api/v1/schedules</c>.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Cron">Five fields, UTC; <c>0 9 * * MON-FRI</c> is nine o'clock on working days.</param>
/// <param name="Agent">As for a run.</param>
/// <param name="Input">As for a run.</param>
/// <param name="ThreadId">As for a run; <c>new</c> begins one each time.</param>
/// <param name="Enabled">Absent: true.</param>
public sealed record CreateSchedule(
    string Name,
    string Cron,
    string Agent,
    string Input,
    string? ThreadId = null,
    string? User = null,
    ConflictPolicy OnConflict = ConflictPolicy.Enqueue,
    decimal? BudgetUsd = null,
    string? Webhook = null,
    bool? Enabled = null);

/// <summary>Body of <c>PATCH /api/v1/schedules/{id}</c>; absent members stay.</summary>
public sealed record ChangeSchedule(string? Name = null, string? Cron = null, string? Input = null, bool? Enabled = null);
