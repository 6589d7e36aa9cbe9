using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Threats.Incidents;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Gives every run its guard, and says afterwards what it held back: in metrics, in the log and to the auditors.</summary>
/// <param name="screener">Reads what tools give.</param>
/// <param name="canaries">Words for system prompts.</param>
/// <param name="nonces">Words for marks.</param>
/// <param name="telemetry">Counts what was found.</param>
/// <param name="log">Told of it, without the text.</param>
/// <param name="audit">Null: there is no audit log here.</param>
/// <param name="incidents">Null: nobody is told of incidents here.</param>
internal sealed partial class RunGuards(TextScreener screener, CanaryTokens canaries, SpotlightNonces nonces, PipelineTelemetry telemetry, ILogger<RunGuards> log, IAuditLog? audit = null, IIncidents? incidents = null)
{
    /// <summary>The guard of a run whose agent and conversation are known.</summary>
    public RunGuard Begin(RunContext run)
    {
        var agent = run.Agent!;
        // A fallback may be remote where the model is not.
        var remote = run.Model!.IsRemote || agent.Fallbacks is { Count: > 0 } || run.Model.View.Fallbacks is { Count: > 0 };
        var guard = new RunGuard(SecurityMember.Guard(agent.Security), screener, agent.Instructions, canaries.Of(agent.Tenant, agent.Name, agent.Version), remote, nonces.Next());
        var sources = Provenance.Of(run.Conversation, static _ => null);
        for (var i = 0; i < run.Conversation.Count; i++)
        {
            for (var part = 0; part < sources[i].Count; part++)
            {
                Tell(guard, sources[i][part], run.Conversation[i].Contents[part], run.Flagged);
            }
        }

        if (run.Doubted)
        {
            guard.Doubted();
        }

        return guard;
    }

    /// <summary>The run's answer is made: tells what was found, and gives the failure of one that was held back.</summary>
    public async ValueTask<RunFailure?> EndAsync(RunContext run, RunGuard guard, CancellationToken cancellation)
    {
        foreach (var finding in guard.Output.Findings)
        {
            telemetry.Found(run.Agent!.Type, finding);
            LogFound(run.Call.RequestId, finding.Kind, finding.Held, finding.Detail);
            if (LeakReports.Of(finding, run.Call.Caller.Tenant, AuditActor.Of(run.Call.Caller), run.Agent, "an answer or the arguments of a call", run.Call.RequestId) is { } report)
            {
                incidents?.Note(report);
            }
        }

        foreach (var tool in guard.Stopped)
        {
            telemetry.Stopped(run.Agent!.Type, tool);
            LogStopped(run.Call.RequestId, tool);
            audit?.Note(Denied(run, "tool.call", $"tool:{tool}", new Dictionary<string, string> { ["rule"] = "rule_of_two" }));
        }

        if (guard.Output.Blocked is not { } blocked)
        {
            return null;
        }

        if (audit is not null)
        {
            var details = new Dictionary<string, string> { ["found"] = Word(blocked.Kind), ["version"] = run.Agent!.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            await audit.WriteAsync(Denied(run, "output.screen", $"agent:{run.Agent.Name}", details), cancellation).ConfigureAwait(false);
        }

        return new RunFailure(
            502, "server_error", "output_blocked",
            $"The answer was held back, because it gave away {Named(blocked.Kind)}; ask in another way. If that is meant to be said, the operator can set the agent's security.output to \"monitor\".") { NeverRetry = true };
    }

    private static void Tell(RunGuard guard, PartSource source, AIContent part, IReadOnlySet<string> flagged)
    {
        switch (part)
        {
            case FunctionResultContent result:
                guard.Brought(result.Result?.ToString() ?? "", result.CallId, flagged.Contains(result.CallId));
                break;
            case TextContent text when source is PartSource.User or PartSource.System:
                guard.Said(text.Text);
                break;
            case var _ when Provenance.IsUntrusted(source):
                guard.Brought((part as TextContent)?.Text ?? "", null, flagged: false);
                break;
            default:
                break;
        }
    }

    private static AuditEvent Denied(RunContext run, string action, string target, IReadOnlyDictionary<string, string> details) =>
        new(run.Call.Caller.Tenant, AuditActor.Of(run.Call.Caller), action, target, AuditDecision.Denied, run.Call.RequestId, details);

    private static string Word(OutputKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static string Named(OutputKind kind) => kind switch
    {
        OutputKind.Canary or OutputKind.Instructions => "the agent's instructions",
        _ => "a secret that the agent was given",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: the answer has {Kind} in it (held back: {Held}) {Host}")]
    private partial void LogFound(string requestId, OutputKind kind, bool held, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: {Tool} was not called without a person, because the run had read text from others and private data")]
    private partial void LogStopped(string requestId, string tool);
}
