namespace AgentSystem.Runtime.Pipeline;

/// <summary>One phase of the pipeline.</summary>
public interface IRunPhase
{
    /// <summary>The phase's name in traces.</summary>
    string Name { get; }

    /// <summary>Does its part. Null means go on; a failure ends the run with this phase's own handled answer.</summary>
    ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation);
}
