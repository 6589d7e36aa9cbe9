using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>What this process knows of each tenant's intelligence: a whole set each, swapped when its version has changed.</summary>
public sealed class IntelligenceBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (long Version, IndicatorSet Set)> sets = new(StringComparer.Ordinal);

    /// <summary>Reads a list, or a bundle, into canonical form.</summary>
    /// <param name="list">One entry a line; null: <paramref name="bundle"/> is read.</param>
    /// <param name="bundle">A STIX 2.1 bundle.</param>
    /// <param name="confidence">Of entries that say nothing.</param>
    /// <param name="expiresAt">Of entries that say nothing.</param>
    public static ReadIndicators Read(string? list, JsonObject? bundle, double confidence, DateTimeOffset? expiresAt) =>
        list is not null ? PlainListReader.Read(list, confidence, expiresAt) : StixReader.Read(bundle ?? [], confidence, expiresAt);

    /// <summary>The surest range that holds an address; null: none.</summary>
    public Indicator? OfAddress(string tenant, IPAddress? address) => address is not null && sets.TryGetValue(tenant, out var known) ? known.Set.OfAddress(address, time.GetUtcNow()) : null;

    /// <summary>The surest indicator a text meets; null: none.</summary>
    public Indicator? OfText(string tenant, string text) => sets.TryGetValue(tenant, out var known) ? known.Set.OfText(text, time.GetUtcNow()) : null;

    /// <summary>Reads what has changed since the last time; gone tenants lose theirs.</summary>
    internal async Task RefreshAsync(IIntelligenceStore store, CancellationToken cancellation)
    {
        var versions = await store.VersionsAsync(cancellation).ConfigureAwait(false);
        foreach (var (tenant, version) in versions.Where(each => !sets.TryGetValue(each.Key, out var known) || known.Version != each.Value))
        {
            // The version before the rows: what is changed in between is read again the next time.
            sets[tenant] = (version, new IndicatorSet(await store.ReadAsync(tenant, time.GetUtcNow(), cancellation).ConfigureAwait(false)));
        }

        foreach (var tenant in sets.Keys.Where(tenant => !versions.ContainsKey(tenant)))
        {
            sets.TryRemove(tenant, out _);
        }
    }
}
