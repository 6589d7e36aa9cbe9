using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Runs;

/// <summary>The queue as workers see it. Leases end by the database's clock; a worker's own does not matter.</summary>
public interface IRunQueue
{
    /// <summary>
    /// Takes up to <paramref name="most"/> runs that are due: new ones, and those whose holder has let its lease end. Tenants take turns, those with fewer running first;
    /// within a tenant the higher priority goes first, then the older. Of one thread at most one runs or waits at a time, the oldest first. Runs that have been begun
    /// <paramref name="attempts"/> times without progress become dead letters instead.
    /// </summary>
    /// <param name="holder">Who takes them, for people.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="lease">How long they are held without a sign of life.</param>
    /// <param name="attempts">Most executions without progress.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<HeldRun>> ClaimAsync(string holder, int most, TimeSpan lease, int attempts, CancellationToken cancellation);

    /// <summary>Holds runs for another <paramref name="lease"/>; gives those that are still held. The others were cancelled or taken by another: stop them.</summary>
    Task<IReadOnlyList<RunLease>> RenewAsync(IReadOnlyCollection<RunLease> held, TimeSpan lease, CancellationToken cancellation);
}

/// <summary>The right to go on with a run, until somebody else has it. Every write of the holder checks the token.</summary>
/// <param name="Tenant">The run's tenant.</param>
/// <param name="RunId">The run.</param>
/// <param name="Token">From a sequence: a later holder's is higher.</param>
public sealed record RunLease(string Tenant, string RunId, long Token);

/// <summary>A run that was claimed.</summary>
/// <param name="Lease">The right to it.</param>
/// <param name="Run">The run as it is.</param>
/// <param name="Caller">Who began it.</param>
/// <param name="BeginsThread">Whether its thread is begun with its turn.</param>
/// <param name="ThreadMessages">How many messages its thread had when it was first executed; null: it was not.</param>
/// <param name="Used">How long it was executed so far; time in the queue and time without a holder not counted.</param>
/// <param name="KeyHolds">Whether the key it was begun with still holds: it was not revoked and has not expired.</param>
public sealed record HeldRun(RunLease Lease, RunRecord Run, Caller Caller, bool BeginsThread, int? ThreadMessages, TimeSpan Used, bool KeyHolds = true);
