using System.Collections.Frozen;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>A containment as it is decided from: whose, what, to whom.</summary>
/// <param name="Tenant">Whose; for scope <c>everything</c> the one it was placed by.</param>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Scope">To whom.</param>
/// <param name="RequestsPerMinute">For throttles.</param>
public sealed record Contained(string Tenant, string Id, ContainmentKind Kind, string Scope, int? RequestsPerMinute);

/// <summary>Everything that is contained at one moment, in all tenants. Immutable; swapped as a whole.</summary>
public sealed class ContainmentSet
{
    /// <summary>Scope of what stops a whole tenant.</summary>
    public const string WholeTenant = "tenant";

    /// <summary>Scope of what stops every tenant.</summary>
    public const string Everything = "everything";

    private readonly FrozenDictionary<(string Tenant, string Scope), Contained> stopped;
    private readonly FrozenDictionary<(string Tenant, string Scope), Contained> throttled;
    private readonly Contained? everything;
    private readonly FrozenSet<string> ids;

    /// <summary>A set of these; where there are several of one scope, the one that stops most counts.</summary>
    public ContainmentSet(IReadOnlyCollection<Contained> contained)
    {
        ArgumentNullException.ThrowIfNull(contained);
        ids = contained.Select(static one => one.Id).ToFrozenSet(StringComparer.Ordinal);
        everything = contained.FirstOrDefault(static one => one.Scope == Everything);
        stopped = contained.Where(static one => one.Kind != ContainmentKind.Throttle && one.Scope != Everything)
            .GroupBy(static one => (one.Tenant, one.Scope)).ToFrozenDictionary(static group => group.Key, static group => group.MaxBy(static one => one.Kind)!);
        throttled = contained.Where(static one => one.Kind == ContainmentKind.Throttle)
            .GroupBy(static one => (one.Tenant, one.Scope)).ToFrozenDictionary(static group => group.Key, static group => group.MinBy(static one => one.RequestsPerMinute ?? int.MaxValue)!);
    }

    /// <summary>Nothing is contained.</summary>
    public static ContainmentSet None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => ids.Count;

    /// <summary>True when the containment with this id is among them.</summary>
    public bool Holds(string id) => ids.Contains(id);

    /// <summary>What keeps an agent from executing for somebody, the widest first; null: nothing.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keyId">The key that asks.</param>
    /// <param name="user">The user it is for, as <c>user:NAME</c> or <c>key:ID</c>.</param>
    /// <param name="agent">The agent, or <c>model:NAME</c>.</param>
    public Contained? Stops(string tenant, string keyId, string user, string agent) =>
        StopsAll(tenant) ?? Stopped(tenant, "agent:" + agent) ?? StopsKey(tenant, keyId) ?? Stopped(tenant, user);

    /// <summary>What keeps every agent of a tenant from executing; null: nothing.</summary>
    public Contained? StopsAll(string tenant) => everything ?? Stopped(tenant, WholeTenant);

    /// <summary>What keeps a key from doing anything; null: nothing.</summary>
    public Contained? StopsKey(string tenant, string keyId) => Stopped(tenant, "key:" + keyId);

    /// <summary>What keeps everything from an address out, of a tenant's callers or, in tenant <c>default</c>, of everybody; null: nothing.</summary>
    /// <param name="tenant">Whose decision.</param>
    /// <param name="address">As <c>CallerAddress</c> calls it.</param>
    public Contained? StopsAddress(string tenant, string address) => Stopped(tenant, address);

    /// <summary>What slows a scope down; null: nothing.</summary>
    public Contained? Throttles(string tenant, string scope) => throttled.Count == 0 ? null : throttled.GetValueOrDefault((tenant, scope));

    private Contained? Stopped(string tenant, string scope) => stopped.Count == 0 ? null : stopped.GetValueOrDefault((tenant, scope));
}
