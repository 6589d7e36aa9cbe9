using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>Writes down that an answer a model once gave was given again: it cost nothing, and its <c>x-request-id</c> leads to that.</summary>
internal sealed class ReplayFacts(IFactLog facts, TimeProvider time)
{
    /// <summary>What <see cref="RequestUsage.Cache"/> says of it.</summary>
    public const string Cache = "replayed";

    /// <summary>Records it; answers without a model are not in the log the first time either.</summary>
    /// <param name="http">The request that repeated another one.</param>
    /// <param name="head">What it was answered with.</param>
    /// <param name="received">Timestamp at which it came in.</param>
    public void Record(HttpContext http, RecordedHead head, long received)
    {
        if (Header(head, "model") is not { } model)
        {
            return;
        }

        var (caller, took) = (http.Caller(), time.GetElapsedTime(received));
        var milliseconds = Math.Round(took.TotalMilliseconds, 3);
        var usage = new RequestUsage(
            RequestId: http.TraceIdentifier,
            Tenant: caller.Tenant,
            KeyId: caller.KeyId,
            User: caller.BoundUser,
            Agent: Header(head, "agent") ?? "",
            AgentVersion: 0,
            AgentType: "unknown",
            Model: model,
            Instance: Header(head, "instance") ?? "",
            At: time.GetUtcNow() - took,
            Status: head.Status,
            Outcome: head.Status < StatusCodes.Status400BadRequest ? "success" : Cache,
            Cache: Cache,
            Streamed: head.IsStream,
            InputTokens: 0,
            OutputTokens: 0,
            CostUsd: 0,
            DurationMs: milliseconds,
            FirstTokenMs: null,
            OverheadMs: milliseconds,
            Attempts: 0,
            Quality: "unchecked",
            Tools: [],
            ThreadId: Header(head, "thread"));
        facts.Append(new RequestServed(usage.Tenant, usage.At, usage));
    }

    private static string? Header(RecordedHead head, string name) => head.Headers.GetValueOrDefault("x-agentsystem-" + name);
}
