using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>The port to slow down and stop keys, users, agents, tenants and everything, and to let them go on.</summary>
public interface IContainments
{
    /// <summary>Places one. In force here when this returns, and elsewhere within five seconds.</summary>
    Task<Decided<ContainmentView>> PlaceAsync(NewContainment containment, ActingFor actor, CancellationToken cancellation);

    /// <summary>Lifts one; without a value where the tenant has no such containment.</summary>
    Task<Decided<ContainmentView>> LiftAsync(string id, ActingFor actor, CancellationToken cancellation);

    /// <summary>Those of a tenant, the newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="all">Lifted and ended ones too.</param>
    /// <param name="incidentId">Only those of one incident.</param>
    /// <param name="after">Id of the last one already shown.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<ContainmentView>> ListAsync(string tenant, bool all, string? incidentId, string? after, int limit, CancellationToken cancellation);
}

/// <summary>Who acts.</summary>
/// <param name="Tenant">For which tenant.</param>
/// <param name="Actor">As the audit log names it: <c>key:ID</c>, <c>subject:NAME</c> or <c>system</c>.</param>
/// <param name="Name">As people read it.</param>
/// <param name="RequestId">In which request.</param>
public sealed record ActingFor(string Tenant, string Actor, string Name, string? RequestId = null)
{
    private const string Itself = "system";

    /// <summary>True when nobody asked for it.</summary>
    public bool IsSystem => Actor == Itself;

    /// <summary>The system by itself, in a tenant.</summary>
    public static ActingFor System(string tenant) => new(tenant, Itself, Itself);
}

/// <summary>What came of an act.</summary>
/// <param name="Value">What it is now; null: there is no such thing.</param>
/// <param name="IsAudited">False: the audit log could not be written, so nothing was done.</param>
public sealed record Decided<T>(T? Value, bool IsAudited)
    where T : class
{
    /// <summary>Nothing was done.</summary>
    internal static Decided<T> Unaudited { get; } = new(null, false);
}
