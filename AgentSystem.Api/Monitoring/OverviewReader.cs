using System.Collections.Concurrent;
using AgentSystem.Api.Instances;
using AgentSystem.Api.Platform;
using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Security;
using AgentSystem.Control.Monitoring;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Api.Monitoring;

/// <summary>Gathers what the console's front page shows.</summary>
internal sealed class OverviewReader(IFactLog facts, InstanceTable instances, InstanceReader running, HealthCheckService health, TimeProvider time, RunningProcess process)
{
    private const int WindowMinutes = 60;
    private const int RecentRequests = 50;

    /// <summary>How often longer a reading is shown than it took: adding up a busy hour must not become the database's main work.</summary>
    private const int Rest = 10;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Overview> latest = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long At, TimeSpan Good)> read = new(StringComparer.Ordinal);

    /// <summary>The last hour of one tenant, all its requests, and the instances. Read at most once in two seconds, however many consoles look, and less often where it takes long.</summary>
    public async Task<Overview> ReadAsync(string tenant, CancellationToken cancellation)
    {
        if (latest.TryGetValue(tenant, out var known) && read.TryGetValue(tenant, out var last) && time.GetElapsedTime(last.At) < last.Good)
        {
            return known;
        }

        var started = time.GetTimestamp();
        read[tenant] = (started, Fresh);
        var overview = latest[tenant] = await GatherAsync(tenant, cancellation);
        var took = time.GetElapsedTime(started) * Rest;
        read[tenant] = (time.GetTimestamp(), took > Fresh ? took : Fresh);
        return overview;
    }

    private async Task<Overview> GatherAsync(string tenant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var since = now.AddMinutes(-WindowMinutes);
        var totals = await facts.FiguresSinceAsync(tenant, since, cancellation);
        var recent = await facts.RequestsSinceAsync(tenant, since, RecentRequests, cancellation);
        var report = await health.CheckHealthAsync(static check => check.Tags.Contains(ServiceDefaults.Health.HealthHostExtensions.Ready), cancellation);
        var all = await running.ReadAsync(cancellation);
        return new Overview(
            instances.Local.Name, process.Version, process.World, process.StartedAt, WindowMinutes,
            totals.Requests, totals.Errors, Whole(totals.InputTokens), Whole(totals.OutputTokens), totals.CostUsd, totals.CacheHits, totals.P50Ms, totals.P95Ms, totals.FirstTokenP95Ms,
            all.Sum(static i => i.InUse), all.Sum(static i => i.Slots),
            [.. report.Entries.Select(e => new ComponentHealth(e.Key, e.Value.Status.ToString().ToLowerInvariant(), e.Value.Description)).OrderBy(c => c.Name, StringComparer.Ordinal)],
            OverviewCalculator.Minutes(totals.Minutes, now, WindowMinutes), recent,
            tenant == Tenants.Default ? all : []);
    }

    /// <summary>The contract's number ends at two thousand million, which an hour does not reach.</summary>
    private static int Whole(long tokens) => (int)Math.Min(tokens, int.MaxValue);
}
