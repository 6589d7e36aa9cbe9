using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Threats;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Writes down how a run ended: one fact and its metrics, whatever happened.</summary>
internal sealed class RunRecorder(IFactLog facts, PipelineTelemetry telemetry, ThreatWatch threats, TimeProvider time)
{
    public RequestUsage Record(RunContext run, RunFailure? failure)
    {
        var (call, report) = (run.Call, run.Report);
        var elapsed = report.Elapsed;
        var usage = new RequestUsage(
            call.RequestId,
            call.Caller.Tenant,
            call.Caller.KeyId,
            call.User,
            run.Agent?.Name ?? call.Target[..Math.Min(call.Target.Length, 200)],
            run.Agent?.Version ?? 0,
            run.Agent?.Type ?? "unknown",
            report.Model ?? run.Model?.View.Name ?? "",
            run.Instance?.Name ?? "",
            time.GetUtcNow() - elapsed,
            failure?.Status ?? 200,
            failure?.Code ?? "success",
            run.CacheOutcome,
            call.Streamed,
            report.InputTokens,
            report.OutputTokens,
            report.CostUsd,
            Milliseconds(elapsed),
            report.FirstToken is { } first ? Milliseconds(first) : null,
            Milliseconds(report.Overhead(elapsed)),
            report.Attempts,
            run.Quality,
            report.Tools,
            run.ThreadId,
            report.Fallbacks,
            report.BudgetRemaining);
        facts.Append(new RequestServed(usage.Tenant, usage.At, usage));
        telemetry.Served(usage, call.Endpoint);
        threats.Ended(usage.Tenant, usage.KeyId, run.User, usage.Agent, usage.Status, failure?.Code == InputScreening.BlockedCode, usage.CostUsd, usage.RequestId);
        return usage;
    }

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
