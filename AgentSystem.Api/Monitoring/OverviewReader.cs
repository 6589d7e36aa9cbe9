using System.Collections.Concurrent;
using AgentSystem.Api.Platform;
using AgentSystem.Contracts.Monitoring;
using AgentSystem.Control.Monitoring;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Api.Monitoring;

/// <summary>Gathers what the console's front page shows.</summary>
internal sealed class OverviewReader(IFactLog facts, InstanceTable instances, HealthCheckService health, TimeProvider time, RunningProcess process)
{
    private const int WindowMinutes = 60;
    private const int MostRequests = 10_000;
    private const int RecentRequests = 50;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Overview> latest = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> readAt = new(StringComparer.Ordinal);

    /// <summary>The last hour of one tenant (of its newest 10,000 requests), and the state of this process. Read at most once in two seconds, however many consoles look.</summary>
    public async Task<Overview> ReadAsync(string tenant, CancellationToken cancellation)
    {
        if (latest.TryGetValue(tenant, out var known) && readAt.TryGetValue(tenant, out var at) && time.GetElapsedTime(at) < Fresh)
        {
            return known;
        }

        readAt[tenant] = time.GetTimestamp();
        return latest[tenant] = await GatherAsync(tenant, cancellation);
    }

    private async Task<Overview> GatherAsync(string tenant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var requests = await facts.RequestsSinceAsync(tenant, now.AddMinutes(-WindowMinutes), MostRequests, cancellation);
        var report = await health.CheckHealthAsync(static check => check.Tags.Contains(ServiceDefaults.Health.HealthHostExtensions.Ready), cancellation);
        var totals = OverviewCalculator.Calculate(requests, now, WindowMinutes);
        return new Overview(
            instances.Local.Name, process.Version, process.World, process.StartedAt, WindowMinutes,
            totals.Requests, totals.Errors, totals.InputTokens, totals.OutputTokens, totals.CostUsd, totals.CacheHits, totals.P50Ms, totals.P95Ms, totals.FirstTokenP95Ms,
            instances.Instances.Sum(i => i.InUse), instances.Instances.Sum(i => i.Slots),
            [.. report.Entries.Select(e => new ComponentHealth(e.Key, e.Value.Status.ToString().ToLowerInvariant(), e.Value.Description)).OrderBy(c => c.Name, StringComparer.Ordinal)],
            totals.Minutes, [.. requests.Take(RecentRequests)]);
    }
}
