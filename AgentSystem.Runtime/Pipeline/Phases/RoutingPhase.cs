using AgentSystem.Runtime.Routing;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 3. Proposes an instance from live load; its slot is taken when execution starts, so that a cache hit takes none.</summary>
internal sealed class RoutingPhase(InstanceTable instances) : IRunPhase
{
    public string Name => "routing";

    public ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        run.Instance = instances.Propose();
        return new(run.Instance is null
            ? new RunFailure(503, "server_error", "no_instance", "No instance serves agents at the moment; try again shortly.", RetryAfter: TimeSpan.FromSeconds(2))
            : null);
    }
}
