using AgentSystem.Contracts.Platform;
using AgentSystem.Runtime.Routing;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Instances;

/// <summary>The processes that run agents: this one as it stands now, the others as they last said.</summary>
internal sealed class InstanceReader(IInstanceRegistry registry, InstanceTable table, IOptions<RoutingOptions> options, TimeProvider time)
{
    private TimeSpan Silent => options.Value.Heartbeat * RoutingOptions.MissedHeartbeats;

    /// <summary>All, by name.</summary>
    public async Task<IReadOnlyList<InstanceView>> ReadAsync(CancellationToken cancellation)
    {
        var others = (await registry.ListAsync(Silent, cancellation)).Where(report => report.Name != table.Local.Name);
        return [.. others.Append(Own()).Select(View).OrderBy(static instance => instance.Name, StringComparer.Ordinal)];
    }

    /// <summary>Decides whether an instance takes new runs. This process does it at once, another with its next heartbeat. Null when there is none of that name.</summary>
    /// <param name="name">Which; null: this process.</param>
    /// <param name="draining">It is to take none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<InstanceView?> OrderAsync(string? name, bool draining, CancellationToken cancellation)
    {
        var local = name is null || name == table.Local.Name;
        if (local)
        {
            // So that there is a row, however early in this process' life it is asked.
            table.Local.Obey(await registry.BeatAsync(Own(), cancellation));
        }

        if (await registry.OrderAsync(name ?? table.Local.Name, draining, Silent, cancellation) is not { } ordered)
        {
            return null;
        }

        if (local)
        {
            table.Local.Obey(ordered.Order);
        }

        return View(local ? Own() : ordered.Report);
    }

    private InstanceReport Own() => new(table.Local.Name, table.Local.Slots, table.Local.InUse, table.Local.Waiting, table.Local.IsDraining, time.GetUtcNow());

    private static InstanceView View(InstanceReport report) =>
        new(report.Name, report.IsDraining ? "draining" : "serving", report.Slots, report.InUse, report.Waiting, report.HeardAt);
}
