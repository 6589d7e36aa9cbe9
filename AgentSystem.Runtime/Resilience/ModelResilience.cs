using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace AgentSystem.Runtime.Resilience;

/// <summary>The breakers and retry budgets of all models, one of each per model, living as long as the process.</summary>
public sealed class ModelResilience(IOptions<ResilienceOptions> options, TimeProvider time, JitterSource jitter)
{
    private readonly ConcurrentDictionary<string, Guard> guards = new(StringComparer.Ordinal);

    internal ResilienceOptions Options => options.Value;

    /// <summary>State of every breaker used so far: <c>closed</c>, <c>open</c>, <c>half_open</c> or <c>isolated</c>.</summary>
    public IReadOnlyDictionary<string, string> Breakers => guards.ToDictionary(g => g.Key, g => Word(g.Value.State.CircuitState));

    internal Guard For(string model) => guards.GetOrAdd(model, Create);

    /// <summary>Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", 2015).</summary>
    internal TimeSpan Delay(int attempt) => Options.BaseDelay * (jitter.Next() * Math.Pow(2, attempt - 1));

    internal Task WaitAsync(TimeSpan delay, CancellationToken cancellation) => Task.Delay(delay, time, cancellation);

    private Guard Create(string model)
    {
        var state = new CircuitBreakerStateProvider();
        var breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = model,
                FailureRatio = Options.BreakerFailureRatio,
                MinimumThroughput = Options.BreakerMinimumCalls,
                SamplingDuration = Options.BreakerWindow,
                BreakDuration = Options.BreakerRest,
                StateProvider = state,
                // Only the model's own trouble counts: a bad request or a client that hung up says nothing about its health.
                ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is { } e && ModelFailures.Read(e, model) is { Status: >= 500, Code: not "model_refused_request" }),
            })
            .Build();
        return new Guard(breaker, state, new RetryBudget(Options.RetryBudget, Options.RetryReserve));
    }

    private static string Word(CircuitState state) => state switch
    {
        CircuitState.HalfOpen => "half_open",
        _ => state.ToString().ToLowerInvariant(),
    };

    internal sealed record Guard(ResiliencePipeline Breaker, CircuitBreakerStateProvider State, RetryBudget Retries);
}

/// <summary>Seeded chance for backoff, safe to share.</summary>
public sealed class JitterSource(int seed)
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    /// <summary>A number from 0 (inclusive) to 1 (exclusive).</summary>
    public double Next()
    {
        lock (gate)
        {
            return random.NextDouble();
        }
    }
}
