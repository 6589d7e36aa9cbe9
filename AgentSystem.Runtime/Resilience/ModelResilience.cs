using AgentSystem.Contracts.Limits;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Telemetry;

namespace AgentSystem.Runtime.Resilience;

/// <summary>The breakers, retry budgets, limits and figures of all models, one of each per model, living as long as the process.</summary>
/// <param name="meters">Where retries, fallbacks and breaker changes are counted; null: nowhere.</param>
/// <param name="listener">Where the pipelines <c>model-call</c> report their durations and events; null: nowhere.</param>
public sealed class ModelResilience(IOptions<ResilienceOptions> options, TimeProvider time, JitterSource jitter, IMeterFactory? meters = null, TelemetryListener? listener = null)
{
    private readonly ConcurrentDictionary<string, ModelGuard> guards = new(StringComparer.OrdinalIgnoreCase);
    private readonly ResilienceTelemetry? telemetry = meters is null ? null : new ResilienceTelemetry(meters);

    internal ResilienceOptions Options => options.Value;

    /// <summary>State of every breaker used so far: <c>closed</c>, <c>open</c>, <c>half_open</c> or <c>isolated</c>.</summary>
    public IReadOnlyDictionary<string, string> Breakers => guards.ToDictionary(g => g.Key, g => Word(g.Value.State.CircuitState));

    /// <summary>How a model did so far; null until it was first asked.</summary>
    public ModelHealth? Health(string model) => guards.TryGetValue(model, out var guard) ? guard.Figures.Read() : null;

    /// <summary>Retries a model has left in its budget; null until it was first asked.</summary>
    public double? RetriesLeft(string model) => guards.TryGetValue(model, out var guard) ? guard.Retries.Left : null;

    /// <summary>How far a model's limits are used in this process; nothing until it was first asked.</summary>
    public LimitUse Use(string model) => guards.TryGetValue(model, out var guard) ? guard.Limiter.Use() : LimitUse.None;

    /// <summary>Keeps every call from a model until <see cref="CloseAsync"/>: an operator's decision, whatever the breaker thinks.</summary>
    public Task IsolateAsync(string model, CancellationToken cancellation) => For(model).Manual.IsolateAsync(cancellation);

    /// <summary>Lets calls through again and forgets the failures counted so far.</summary>
    public Task CloseAsync(string model, CancellationToken cancellation) => For(model).Manual.CloseAsync(cancellation);

    internal ModelGuard For(string model) => guards.GetOrAdd(model, Create);

    /// <summary>True when the failure may pass, attempts are left, and the provider did not ask for a longer pause than we wait.</summary>
    internal bool MayRetry(ModelFailure failure, int attempt) =>
        failure.Retryable && attempt < Options.MaxAttempts && !(failure.Stated && failure.RetryAfter > Options.LongestPause);

    /// <summary>Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", 2015), and no less than the provider asked for.</summary>
    internal TimeSpan Delay(int attempt, ModelFailure failure)
    {
        var backoff = Options.BaseDelay * (jitter.Next() * Math.Pow(2, attempt - 1));
        return failure is { Stated: true, RetryAfter: { } asked } && asked > backoff ? asked : backoff;
    }

    internal Task WaitAsync(TimeSpan delay, CancellationToken cancellation) => Task.Delay(delay, time, cancellation);

    internal void Retrying(string model, ModelFailure failure) => telemetry?.Retried(model, failure.Code);

    internal void FellBack(string model, ModelFailure failure) => telemetry?.FellBack(model, failure.Code);

    private ModelGuard Create(string model)
    {
        var (state, manual) = (new CircuitBreakerStateProvider(), new CircuitBreakerManualControl());
        var breaker = new ResiliencePipelineBuilder { Name = "model-call", InstanceName = model, TimeProvider = time, TelemetryListener = listener }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = model,
                FailureRatio = Options.BreakerFailureRatio,
                MinimumThroughput = Options.BreakerMinimumCalls,
                SamplingDuration = Options.BreakerWindow,
                BreakDuration = Options.BreakerRest,
                StateProvider = state,
                ManualControl = manual,
                // Only the model's own trouble counts: a bad request or a client that hung up says nothing about its health.
                ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is { } e && ModelFailures.Read(e, model) is { } failure && ModelFailures.IsTheModels(failure)),
                OnOpened = args => Turned(model, args.IsManual ? "isolated" : "open"),
                OnHalfOpened = _ => Turned(model, "half_open"),
                OnClosed = _ => Turned(model, "closed"),
            })
            .Build();
        return new ModelGuard(breaker, state, manual, new RetryBudget(Options.RetryBudget, Options.RetryReserve), new ModelLimiter(time), new ModelFigures(time));
    }

    private ValueTask Turned(string model, string state)
    {
        telemetry?.Turned(model, state);
        return ValueTask.CompletedTask;
    }

    private static string Word(CircuitState state) => state switch
    {
        CircuitState.HalfOpen => "half_open",
        _ => state.ToString().ToLowerInvariant(),
    };
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
