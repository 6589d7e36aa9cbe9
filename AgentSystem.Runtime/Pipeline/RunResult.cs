using AgentSystem.Contracts.Usage;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>How a run ended.</summary>
/// <param name="Run">What the phases learned.</param>
/// <param name="Failure">Null when there is an answer.</param>
/// <param name="Usage">What was recorded.</param>
public sealed record RunResult(RunContext Run, RunFailure? Failure, RequestUsage Usage);
