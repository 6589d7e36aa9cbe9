using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Webhooks;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>
/// Holds what webhooks tell against the agent's canary and the secrets of its instructions, by the agent's own mode (<c>security.output</c>): an answer that was kept before the mode was
/// made stricter, or came by another way than the guard's, does not leave by this door either.
/// </summary>
/// <param name="audit">Absent where no host keeps one.</param>
internal sealed class OutgoingMessages(IAgentStore agents, CanaryTokens canaries, IIncidents? incidents = null, IAuditLog? audit = null) : IOutgoingCheck
{
    public async ValueTask<string?> RefuseAsync(RunRecord run, string text, CancellationToken cancellation)
    {
        if (run.AgentVersion is not { } version || await agents.GetAsync(run.Tenant, run.Agent, version, cancellation).ConfigureAwait(false) is not { Definition: { } agent })
        {
            return null;
        }

        var mode = SecurityMember.Guard((await agents.FindAsync(run.Tenant, run.Agent, cancellation).ConfigureAwait(false) ?? agent).Security).Output;
        var rules = new OutputRules(mode, agent.Instructions, canaries.Of(run.Tenant, run.Agent, version), []);
        rules.Said(run.Input);
        var scanner = new OutputScanner(rules);
        scanner.Push(text);
        scanner.Finish();
        foreach (var finding in scanner.Findings)
        {
            if (LeakReports.Of(finding, run.Tenant, run.User, agent, "a webhook's message", run.Id) is { } report)
            {
                incidents?.Note(report);
            }
        }

        if (scanner.Blocked is not { } blocked)
        {
            return null;
        }

        audit?.Note(new AuditEvent(run.Tenant, "system", "webhook.deliver", "run:" + run.Id, AuditDecision.Denied, null, new Dictionary<string, string> { ["found"] = blocked.Kind.ToString().ToLowerInvariant() }));
        return "The message was not sent, because it would give away the agent's instructions or a secret it was given; set the agent's security.output to \"monitor\" where that is meant, and retry it.";
    }
}
