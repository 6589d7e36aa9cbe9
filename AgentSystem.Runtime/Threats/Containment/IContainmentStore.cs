using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>Where decisions about containment are kept. A row is changed by lifting it and is never deleted.</summary>
public interface IContainmentStore
{
    /// <summary>Everything in force at a moment, in all tenants. It is asked every two seconds by every process.</summary>
    Task<IReadOnlyCollection<Contained>> InForceAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Places a containment; where the same kind is in force for the scope already, that one is given back, with the later end of the two.</summary>
    Task<ContainmentView> PlaceAsync(NewContainment containment, CancellationToken cancellation);

    /// <summary>Lifts one; null when the tenant has no such containment. Lifting twice keeps the first time.</summary>
    Task<ContainmentView?> LiftAsync(string tenant, string id, string by, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Containments of a tenant, the newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="inForceAt">Only what is in force at this moment; null: lifted and ended ones too.</param>
    /// <param name="incidentId">Only those of one incident; null: all.</param>
    /// <param name="after">Id of the last one already shown.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<ContainmentView>> ListAsync(string tenant, DateTimeOffset? inForceAt, string? incidentId, string? after, int limit, CancellationToken cancellation);
}

/// <summary>A containment to be placed.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Scope">To whom.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who places it.</param>
/// <param name="At">When.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="RequestsPerMinute">For throttles.</param>
/// <param name="IncidentId">For which incident.</param>
public sealed record NewContainment(
    string Tenant, ContainmentKind Kind, string Scope, string Reason, string By, DateTimeOffset At, DateTimeOffset? ExpiresAt = null, int? RequestsPerMinute = null, string? IncidentId = null);
