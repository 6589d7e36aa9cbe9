using System.Globalization;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Http.Audit;

/// <summary>
/// Keeps refusals from filling the disk: within a minute the first of an address, and the first <see cref="MostOfKey"/> of a key, are written; the rest is counted, and the
/// counts are written when the minute is over. Addresses beyond <see cref="AuditOptions.MaxAddressesPerMinute"/> are counted together.
/// </summary>
internal sealed class RefusalCounts(IAuditLog audit, IOptions<AuditOptions> options, TimeProvider time) : BackgroundService
{
    /// <summary>Refusals of one key within a minute that are written one by one.</summary>
    public const int MostOfKey = 30;

    private const int MostKeys = 10_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Dictionary<(string Tenant, string Actor), int> seen = [];
    private int addresses;
    private long others;

    /// <summary>True when this refusal is to be written; otherwise it is counted.</summary>
    public bool Write(string tenant, string actor)
    {
        lock (gate)
        {
            var isAddress = actor.StartsWith("address:", StringComparison.Ordinal);
            if (seen.TryGetValue((tenant, actor), out var count))
            {
                seen[(tenant, actor)] = count + 1;
                return !isAddress && count < MostOfKey;
            }

            if (isAddress ? addresses >= options.Value.MaxAddressesPerMinute : seen.Count >= MostKeys)
            {
                others++;
                return false;
            }

            addresses += isAddress ? 1 : 0;
            seen[(tenant, actor)] = 1;
            return true;
        }
    }

    /// <summary>Writes the counts of the minute that is over and begins another.</summary>
    internal void Tell()
    {
        Dictionary<(string Tenant, string Actor), int> past;
        long unnamed;
        lock (gate)
        {
            (past, seen) = (seen, []);
            (unnamed, others, addresses) = (others, 0, 0);
        }

        foreach (var ((tenant, actor), count) in past)
        {
            var written = actor.StartsWith("address:", StringComparison.Ordinal) ? 1 : Math.Min(count, MostOfKey);
            if (count > written)
            {
                audit.Note(new AuditEvent(tenant, actor, "request.refuse", "", AuditDecision.Denied, null, Count(count - written)));
            }
        }

        if (unnamed > 0)
        {
            audit.Note(new AuditEvent(Tenants.Default, "system", "request.refuse", "", AuditDecision.Denied, null, Count(unnamed)));
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Tell();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Minute, time);
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
            {
                Tell();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends; what is counted is told in StopAsync.
        }
    }

    private static Dictionary<string, string> Count(long count) => new() { ["more_in_a_minute"] = count.ToString(CultureInfo.InvariantCulture) };
}
