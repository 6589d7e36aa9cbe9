using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Incidents;

/// <summary>Where incidents are kept. Of one kind about one subject there is at most one that is not resolved, however many processes report at once.</summary>
public interface IIncidentStore
{
    /// <summary>Opens an incident or adds to the one that is there.</summary>
    /// <returns>The incident, and whether it is new.</returns>
    Task<(IncidentView Incident, bool IsNew)> ReportAsync(IncidentReport report, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>One incident; null when the tenant has none with that id.</summary>
    Task<IncidentView?> FindAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>Incidents of a tenant, the newest first.</summary>
    Task<IReadOnlyList<IncidentView>> ListAsync(string tenant, IncidentStatus? status, string? after, int limit, CancellationToken cancellation);

    /// <summary>The newest reports to an incident, the latest first.</summary>
    Task<IReadOnlyList<IncidentReportView>> ReportsAsync(string tenant, string id, int limit, CancellationToken cancellation);

    /// <summary>Its subject is contained; a resolved one stays resolved. Null when there is none.</summary>
    Task<IncidentView?> ContainedAsync(string tenant, string id, string containmentId, CancellationToken cancellation);

    /// <summary>It is done with; resolving twice keeps the first time. Null when there is none.</summary>
    Task<IncidentView?> ResolveAsync(string tenant, string id, string by, string? note, DateTimeOffset at, CancellationToken cancellation);
}
