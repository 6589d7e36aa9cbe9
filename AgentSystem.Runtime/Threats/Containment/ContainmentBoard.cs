using System.Collections.Concurrent;

namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>
/// What this process holds for contained, and the executions that must stop when that changes. The rows in the database decide; every process reads them every two seconds
/// (<see cref="ThreatKeeper"/>). While the database is away what was read last goes on to count.
/// </summary>
public sealed class ContainmentBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<ExecutionWatch, byte> executions = new();
    private readonly ConcurrentDictionary<string, ThrottleBucket> buckets = new(StringComparer.Ordinal);
    private volatile ContainmentSet current = ContainmentSet.None;

    /// <summary>What is contained now.</summary>
    public ContainmentSet Current => current;

    /// <summary>Puts another set in force, and stops what it stops.</summary>
    public void Replace(ContainmentSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        current = set;
        foreach (var execution in executions.Keys)
        {
            execution.Judge(set);
        }

        foreach (var id in buckets.Keys.Where(id => !set.Holds(id)))
        {
            buckets.TryRemove(id, out _);
        }
    }

    /// <summary>Begins to watch an execution; its token fires when it must stop, and with <paramref name="cancellation"/>. Ask <see cref="Current"/> after it began, so that nothing falls between the two.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keyId">The key that asked.</param>
    /// <param name="user">The user it is for.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellation">Ends the execution for other reasons.</param>
    public ExecutionWatch Watch(string tenant, string keyId, string user, string agent, CancellationToken cancellation)
    {
        var watch = new ExecutionWatch(set => set.Stops(tenant, keyId, user, agent), ended => executions.TryRemove(ended, out _), cancellation);
        executions[watch] = 0;
        return watch;
    }

    /// <summary>Zero when a throttled scope may make one more request; otherwise how long it must wait. Scopes that are not throttled always may.</summary>
    public TimeSpan Wait(string tenant, string scope) =>
        current.Throttles(tenant, scope) is { RequestsPerMinute: { } most } throttle
            ? buckets.GetOrAdd(throttle.Id, _ => new ThrottleBucket(most, time.GetUtcNow())).Take(time.GetUtcNow())
            : TimeSpan.Zero;
}
