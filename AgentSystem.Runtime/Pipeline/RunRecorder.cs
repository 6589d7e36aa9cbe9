using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Writes down how a run ended: one fact and its metrics, whatever happened.</summary>
internal sealed class RunRecorder(IFactLog facts, PipelineTelemetry telemetry, TimeProvider time)
{
    private const decimal Million = 1_000_000m;

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
            run.Model?.View.Name ?? "",
            run.Instance?.Name ?? "",
            time.GetUtcNow() - elapsed,
            failure?.Status ?? 200,
            failure?.Code ?? "success",
            run.CacheOutcome,
            call.Streamed,
            report.InputTokens,
            report.OutputTokens,
            Cost(run),
            Milliseconds(elapsed),
            report.FirstToken is { } first ? Milliseconds(first) : null,
            Milliseconds(report.Overhead(elapsed)),
            report.Attempts,
            run.Quality,
            report.Tools,
            run.ThreadId);
        facts.Append(new RequestServed(usage.Tenant, usage.At, usage));
        telemetry.Served(usage, call.Endpoint);
        return usage;
    }

    /// <summary>Tokens times the model's list price; what the provider finally bills can differ by its rounding.</summary>
    private static decimal Cost(RunContext run) => run.Model is { View: var price }
        ? ((run.Report.InputTokens * price.InputUsdPerMillion) + (run.Report.OutputTokens * price.OutputUsdPerMillion)) / Million
        : 0m;

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
