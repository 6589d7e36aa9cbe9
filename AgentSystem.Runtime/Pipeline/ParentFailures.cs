using AgentSystem.Runtime.Runs;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>What can be wrong with the run that is to be another's parent.</summary>
internal static class ParentFailures
{
    private const string Member = "parent_run_id";

    /// <summary>Another tenant's run and another user's are missing too: their existence is nobody's business.</summary>
    public static RunFailure Of(ParentProblem problem, string id, int mostDepth) => problem switch
    {
        ParentProblem.Ended => new RunFailure(409, "invalid_request_error", "parent_ended", $"Run \"{id}\" has ended, and only a run that has not can begin others; leave \"{Member}\" out.", Member),
        ParentProblem.TooDeep => new RunFailure(
            409, "invalid_request_error", "parent_too_deep", $"Run \"{id}\" has {mostDepth} runs above it already (Runs:MaxDepth); begin this one from a run farther up.", Member),
        _ => RunFailure.NotFound("run_not_found", $"There is no run \"{id}\" of this user; name the parent's own \"user\", or leave \"{Member}\" out.", Member),
    };
}
