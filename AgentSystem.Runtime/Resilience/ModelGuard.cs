using Polly;
using Polly.CircuitBreaker;

namespace AgentSystem.Runtime.Resilience;

/// <summary>What stands around one model, shared by everything that asks it.</summary>
internal sealed record ModelGuard(
    ResiliencePipeline Breaker, CircuitBreakerStateProvider State, CircuitBreakerManualControl Manual, RetryBudget Retries, ModelLimiter Limiter, ModelFigures Figures);
