using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;

namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>Places and lifts containments: written to the audit log first, then to the database, and in force in this process at once.</summary>
/// <param name="audit">Absent where no host keeps one: then nothing can be written to it, and nothing waits for it.</param>
internal sealed class ContainmentDesk(IContainmentStore store, ContainmentBoard board, ThreatTelemetry telemetry, TimeProvider time, IAuditLog? audit = null) : IContainments
{
    private readonly Lock gate = new();
    private long begun;
    private long inForce;

    public async Task<Decided<ContainmentView>> PlaceAsync(NewContainment containment, ActingFor actor, CancellationToken cancellation)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = containment.Kind.ToString().ToLowerInvariant(), ["reason"] = containment.Reason };
        if (containment.IncidentId is { } incident)
        {
            details["incident"] = incident;
        }

        if (!await WriteAsync(actor, "containment.place", containment.Scope, details, cancellation).ConfigureAwait(false))
        {
            if (!actor.IsSystem)
            {
                return Decided<ContainmentView>.Unaudited;
            }

            // Protecting somebody does not wait for the log.
            telemetry.Unaudited();
        }

        var placed = await store.PlaceAsync(containment, cancellation).ConfigureAwait(false);
        telemetry.Placed(placed.Kind, actor.IsSystem);
        await RefreshAsync(cancellation).ConfigureAwait(false);
        return new Decided<ContainmentView>(placed, IsAudited: true);
    }

    public async Task<Decided<ContainmentView>> LiftAsync(string id, ActingFor actor, CancellationToken cancellation)
    {
        if (!await WriteAsync(actor, "containment.lift", id, null, cancellation).ConfigureAwait(false))
        {
            return Decided<ContainmentView>.Unaudited;
        }

        var lifted = await store.LiftAsync(actor.Tenant, id, actor.Name, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        await RefreshAsync(cancellation).ConfigureAwait(false);
        return new Decided<ContainmentView>(lifted, IsAudited: true);
    }

    public Task<IReadOnlyList<ContainmentView>> ListAsync(string tenant, bool all, string? incidentId, string? after, int limit, CancellationToken cancellation) =>
        store.ListAsync(tenant, all ? null : time.GetUtcNow(), incidentId, after, limit, cancellation);

    /// <summary>Reads the rows and puts them in force, unless somebody who began to read later has done so already: what was just decided must not be undone by a reading from before.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref begun);
        var set = new ContainmentSet(await store.InForceAsync(time.GetUtcNow(), cancellation).ConfigureAwait(false));
        lock (gate)
        {
            if (number > inForce)
            {
                inForce = number;
                board.Replace(set);
            }
        }
    }

    /// <summary>Writes an act to the audit log; false when it could not be kept.</summary>
    public async Task<bool> WriteAsync(ActingFor actor, string action, string on, IReadOnlyDictionary<string, string>? details, CancellationToken cancellation) =>
        audit is null || await audit.WriteAsync(new AuditEvent(actor.Tenant, actor.Actor, action, on, AuditDecision.Allowed, actor.RequestId, details), cancellation).ConfigureAwait(false);
}
