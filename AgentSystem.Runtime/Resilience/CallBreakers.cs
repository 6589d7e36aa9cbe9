using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace AgentSystem.Runtime.Resilience;

/// <summary>Breakers, retry budgets and figures of what is called beside models, one of each per key, living as long as the process. Their settings are those of <see cref="ResilienceOptions"/>.</summary>
public sealed class CallBreakers(IOptions<ResilienceOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, CallGuard> guards = new(StringComparer.Ordinal);

    /// <summary>The guard of a key; made when it is first asked for.</summary>
    internal CallGuard For(string key) => guards.GetOrAdd(key, Create);

    /// <summary>The guard of a key that was called; null: it was not.</summary>
    internal CallGuard? Find(string key) => guards.GetValueOrDefault(key);

    /// <summary>Keys that begin with a text, of those called so far.</summary>
    internal IEnumerable<string> Keys(string prefix) => guards.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Forgets what was removed for good.</summary>
    internal void Forget(string key) => guards.TryRemove(key, out _);

    private CallGuard Create(string key)
    {
        var (state, manual, settings) = (new CircuitBreakerStateProvider(), new CircuitBreakerManualControl(), options.Value);
        var breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = settings.BreakerFailureRatio,
                MinimumThroughput = settings.BreakerMinimumCalls,
                SamplingDuration = settings.BreakerWindow,
                BreakDuration = settings.BreakerRest,
                StateProvider = state,
                ManualControl = manual,
                ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Exception is ITroubleOfTheCalled { IsTrouble: true }),
            })
            .Build();
        return new CallGuard(breaker, state, manual, new RetryBudget(settings.RetryBudget, settings.RetryReserve), new ModelFigures(time), time);
    }
}

/// <summary>An exception that says whether it is the called one's own trouble, which its breaker counts; a bad request or a caller that left is not.</summary>
internal interface ITroubleOfTheCalled
{
    /// <summary>True when the breaker counts it.</summary>
    bool IsTrouble { get; }
}

/// <summary>What stands before one key.</summary>
internal sealed class CallGuard(
    ResiliencePipeline breaker, CircuitBreakerStateProvider state, CircuitBreakerManualControl manual, RetryBudget retries, ModelFigures figures, TimeProvider time)
{
    private int inFlight;
    private long lastCall;

    /// <summary>Retries that are left.</summary>
    public RetryBudget Retries => retries;

    /// <summary><c>closed</c>, <c>open</c>, <c>half_open</c> or <c>isolated</c>.</summary>
    public string State => state.CircuitState == CircuitState.HalfOpen ? "half_open" : state.CircuitState.ToString().ToLowerInvariant();

    /// <summary>How the last calls went.</summary>
    public ModelHealth Health => figures.Read();

    /// <summary>Calls under way.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>When the newest attempt began; null: there was none.</summary>
    public DateTimeOffset? LastCallAt => Interlocked.Read(ref lastCall) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Takes one of <paramref name="most"/> places; false when all are taken. Then <see cref="Leave"/> follows.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref inFlight) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref inFlight);
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref inFlight);

    /// <summary>Keeps every call away until <see cref="CloseAsync"/>.</summary>
    public Task IsolateAsync(CancellationToken cancellation) => manual.IsolateAsync(cancellation);

    /// <summary>Lets calls through again and forgets the failures counted so far.</summary>
    public Task CloseAsync(CancellationToken cancellation) => manual.CloseAsync(cancellation);

    /// <summary>One attempt, counted.</summary>
    /// <exception cref="CallRestsException">The breaker is open.</exception>
    public async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await breaker.ExecuteAsync(
                async token =>
                {
                    var started = time.GetTimestamp();
                    Interlocked.Exchange(ref lastCall, time.GetUtcNow().UtcTicks);
                    try
                    {
                        var answer = await attempt(token).ConfigureAwait(false);
                        figures.Answered(new CallFigures(time.GetElapsedTime(started), null, 0));
                        return answer;
                    }
                    catch (Exception e) when (e is ITroubleOfTheCalled { IsTrouble: true })
                    {
                        figures.Failed(e.Message);
                        throw;
                    }
                    catch
                    {
                        figures.Abandoned();
                        throw;
                    }
                },
                cancellation).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new CallRestsException(e is IsolatedCircuitException, e.RetryAfter);
        }
    }
}

/// <summary>A call that was not made, because the breaker is open.</summary>
/// <param name="byHand">True when a person opened it.</param>
/// <param name="retryAfter">When it may be tried again, where that is known.</param>
internal sealed class CallRestsException(bool byHand, TimeSpan? retryAfter) : Exception("The breaker is open.")
{
    /// <summary>True when a person opened it.</summary>
    public bool ByHand => byHand;

    /// <summary>When it may be tried again.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
