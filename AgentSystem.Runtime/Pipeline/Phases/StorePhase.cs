using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Quality;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 7. Keeps an answer that may be given again, and adds the turn to its thread.</summary>
internal sealed class StorePhase(AnswerCache cache, ThreadTurns threads) : IRunPhase
{
    public string Name => "store";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        if (run is { CacheKey: { } key, CacheOutcome: "miss", Quality: AnswerVerdict.Passed })
        {
            await cache.KeepAsync(key, run.Answer!, run.Report.Tools, cancellation).ConfigureAwait(false);
        }

        await threads.KeepAsync(run).ConfigureAwait(false);
        return null;
    }

    /// <summary>The client hung up in the middle of a stream: keeps what was said. True when there was something to keep.</summary>
    public ValueTask<bool> KeepCutAsync(RunContext run) => threads.KeepCutAsync(run);
}
