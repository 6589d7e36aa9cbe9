using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Containment;

namespace AgentSystem.Runtime.Threats.Incidents;

/// <summary>What people do about incidents.</summary>
public interface IIncidentResponse
{
    /// <summary>Contains its subject, for a time or until it is lifted.</summary>
    Task<Decided<IncidentView>> ContainAsync(IncidentView incident, ContainmentKind kind, TimeSpan? span, ActingFor actor, CancellationToken cancellation);

    /// <summary>Is done with it, and lifts what was placed for it if <paramref name="lift"/>.</summary>
    Task<Decided<IncidentView>> ResolveAsync(IncidentView incident, string? note, bool lift, ActingFor actor, CancellationToken cancellation);
}
