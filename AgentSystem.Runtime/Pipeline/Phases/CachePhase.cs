using AgentSystem.Runtime.Caching;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 4. Has exactly this been answered before, for this user? A hit skips execution and takes no slot.</summary>
internal sealed class CachePhase(AnswerCache cache) : IRunPhase
{
    public string Name => "cache";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        // A durable run is asked for its effects, and has a record of its own.
        run.CacheKey = run.Call.Journal is not null ? null : CacheKey.Of(run.Call.Caller.Tenant, run.User, run.Agent!, run.Conversation, run.Call.Options, run.Call.Caller.Tools);
        if (run.CacheKey is null || await cache.FindAsync(run.CacheKey, cancellation).ConfigureAwait(false) is not { } hit)
        {
            return null;
        }

        run.CacheOutcome = "exact";
        run.Answer = new ChatResponse(new ChatMessage(ChatRole.Assistant, hit.Text)) { FinishReason = ChatFinishReason.Stop };
        run.Report.FromCache(hit.Tools);
        run.Report.Token();
        if (run.Sink is not null)
        {
            await run.ShowAsync(new ChatResponseUpdate(ChatRole.Assistant, hit.Text), cancellation).ConfigureAwait(false);
        }

        return null;
    }
}
