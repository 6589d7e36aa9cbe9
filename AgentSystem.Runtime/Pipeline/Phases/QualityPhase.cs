using AgentSystem.Runtime.Quality;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 6. Judges the answer. What has not left yet is refused honestly; for a stream the verdict rides in the last event.</summary>
internal sealed class QualityPhase : IRunPhase
{
    public string Name => "quality";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        var verdict = AnswerInspector.Judge(run.Answer!, run.Call.Options.ResponseFormat);
        run.Quality = verdict.Name;
        var left = run.Sink is not null && run.Held.Count == 0 && verdict.Name != AnswerVerdict.Empty;
        if (verdict.Refusal is { } reason && !left)
        {
            return new RunFailure(502, "server_error", verdict.Name, reason);
        }

        foreach (var piece in run.Held)
        {
            await run.ShowAsync(piece, cancellation).ConfigureAwait(false);
        }

        return null;
    }
}
