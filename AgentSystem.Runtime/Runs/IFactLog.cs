using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Runtime.Runs;

/// <summary>The append-only log of what happened. Writing is batched and never delays an answer.</summary>
public interface IFactLog
{
    /// <summary>Queues a fact. When the queue is full the oldest are dropped and counted, never silently.</summary>
    void Append(Fact fact);

    /// <summary>One request's usage, also when it was appended a moment ago; null when the tenant has no such request.</summary>
    Task<RequestUsage?> FindRequestAsync(string tenant, string requestId, CancellationToken cancellation);

    /// <summary>Requests of a tenant since <paramref name="since"/>, newest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<RequestUsage>> RequestsSinceAsync(string tenant, DateTimeOffset since, int limit, CancellationToken cancellation);

    /// <summary>What all requests of a tenant since <paramref name="since"/> come to, however many they are, with those that were appended a moment ago.</summary>
    Task<RequestFigures> FiguresSinceAsync(string tenant, DateTimeOffset since, CancellationToken cancellation);
}
