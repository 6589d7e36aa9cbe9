using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Schedules;

/// <summary>Where schedules are kept. What is outside a <see cref="ScheduleScope"/> does not exist for it.</summary>
public interface IScheduleStore
{
    /// <summary>Keeps a schedule; null when the tenant has <paramref name="most"/> already.</summary>
    Task<ScheduleView?> AddAsync(NewSchedule schedule, int most, CancellationToken cancellation);

    /// <summary>The schedule, or null.</summary>
    Task<ScheduleView?> FindAsync(ScheduleScope scope, string id, CancellationToken cancellation);

    /// <summary>Schedules, the newest first.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="after">Id of the last one already shown.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<ScheduleView>> ListAsync(ScheduleScope scope, string? after, int limit, CancellationToken cancellation);

    /// <summary>Changes what is not null; null when there is none.</summary>
    Task<ScheduleView?> ChangeAsync(ScheduleScope scope, string id, ScheduleChange change, CancellationToken cancellation);

    /// <summary>Removes a schedule; its runs stay. False when there is none.</summary>
    Task<bool> DeleteAsync(ScheduleScope scope, string id, CancellationToken cancellation);

    /// <summary>Schedules of all tenants whose time has come, the longest overdue first.</summary>
    Task<IReadOnlyList<DueSchedule>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellation);

    /// <summary>Goes on from a tick to the next; false when somebody else did already, or the schedule was changed meanwhile.</summary>
    Task<bool> AdvanceAsync(DueSchedule tick, TickOutcome outcome, CancellationToken cancellation);
}

/// <summary>Whose schedules.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">A user as runs name it; null: everybody's of the tenant.</param>
public sealed record ScheduleScope(string Tenant, string? User);

/// <summary>What a schedule starts.</summary>
/// <param name="Caller">Who made it; each run is its.</param>
/// <param name="AskedUser">The end user the caller named; null: none.</param>
/// <param name="Agent">Who runs.</param>
/// <param name="Input">What it is asked.</param>
/// <param name="ThreadId">As for a run.</param>
/// <param name="OnConflict">As for a run.</param>
/// <param name="BudgetUsd">As for a run.</param>
/// <param name="Webhook">As for a run.</param>
public sealed record ScheduledRun(Caller Caller, string? AskedUser, string Agent, string Input, string? ThreadId, ConflictPolicy OnConflict, decimal? BudgetUsd, string? Webhook);

/// <summary>A schedule to keep.</summary>
/// <param name="Name">For people.</param>
/// <param name="Cron">When.</param>
/// <param name="Run">What it starts.</param>
/// <param name="User">Whose it is, as runs name users.</param>
/// <param name="Enabled">Whether it starts runs.</param>
/// <param name="NextAt">When the first one starts.</param>
/// <param name="At">Now.</param>
public sealed record NewSchedule(string Name, string Cron, ScheduledRun Run, string User, bool Enabled, DateTimeOffset? NextAt, DateTimeOffset At);

/// <summary>What changes of a schedule; null stays.</summary>
/// <param name="NextAt">When the next run starts; only with <paramref name="Cron"/> or <paramref name="Enabled"/>, which both make it anew.</param>
public sealed record ScheduleChange(string? Name, string? Cron, string? Input, bool? Enabled, DateTimeOffset? NextAt);

/// <summary>A schedule whose time has come.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">The schedule.</param>
/// <param name="Cron">When.</param>
/// <param name="Run">What it starts.</param>
/// <param name="Tick">The time that has come; others that passed since are not made up for.</param>
/// <param name="KeyHolds">False when the key it was made with was revoked or has expired.</param>
public sealed record DueSchedule(string Tenant, string Id, string Cron, ScheduledRun Run, DateTimeOffset Tick, bool KeyHolds);

/// <summary>What became of a tick.</summary>
/// <param name="RunId">The run that was started; null when none could be.</param>
/// <param name="Error">Why none could be.</param>
/// <param name="NextAt">The next time; null: there is none.</param>
/// <param name="Disable">Ends the schedule until somebody enables it.</param>
public sealed record TickOutcome(string? RunId, string? Error, DateTimeOffset? NextAt, bool Disable = false);
