using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Threats.Incidents;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>What was about to leave, as an incident tells it.</summary>
internal static class LeakReports
{
    /// <summary>The report of a finding; null for one that is only counted.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="tenant">Whose agent.</param>
    /// <param name="subject">Whom it was about to be told to.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="where">What it stood in.</param>
    /// <param name="requestId">The request, or the run.</param>
    public static IncidentReport? Of(OutputFinding finding, string tenant, string subject, AgentDefinition agent, string where, string requestId)
    {
        (string? Kind, string What) leak = finding.Kind switch
        {
            OutputKind.Canary => (IncidentKinds.CanarySeen, "The canary"),
            OutputKind.LeakedSecret => (IncidentKinds.SecretLeaked, "A secret"),
            _ => (null, ""),
        };
        return leak.Kind is null ? null : new IncidentReport(
            tenant, leak.Kind, subject, ScreenSeverity.High, $"{leak.What} of agent {agent.Name}, version {agent.Version}, stood in {where}{(finding.Held ? ", which was held back" : " and was let through")}.", requestId);
    }
}
