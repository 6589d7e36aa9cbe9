using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>Where imported indicators are kept. Each value of a kind is there once per tenant; importing it again replaces what was said of it.</summary>
public interface IIntelligenceStore
{
    /// <summary>Keeps them all, or none and gives null when the tenant would have more than <paramref name="most"/>.</summary>
    Task<int?> ImportAsync(string tenant, string source, IReadOnlyCollection<Indicator> indicators, int most, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Indicators of a tenant, by their ids.</summary>
    Task<IReadOnlyList<IndicatorView>> ListAsync(string tenant, string? source, IndicatorKind? kind, string? after, int limit, CancellationToken cancellation);

    /// <summary>Removes one; false when there is none.</summary>
    Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>Removes what came from a source and gives how many it were.</summary>
    Task<int> RemoveSourceAsync(string tenant, string source, CancellationToken cancellation);

    /// <summary>A number for each tenant that has indicators, which grows with every change.</summary>
    Task<IReadOnlyDictionary<string, long>> VersionsAsync(CancellationToken cancellation);

    /// <summary>All indicators of a tenant that count at a moment.</summary>
    Task<IReadOnlyCollection<Indicator>> ReadAsync(string tenant, DateTimeOffset now, CancellationToken cancellation);
}
