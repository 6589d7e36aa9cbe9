using System.Collections.Concurrent;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Telemetry;

namespace AgentSystem.Runtime.Resilience;

/// <summary>The breakers of processes whose roles are called, one each, and the retry budgets of the roles. They live as long as this process.</summary>
/// <param name="listener">Where the pipelines <c>role-call</c> report their durations and events; null: nowhere.</param>
public sealed class PeerResilience(IOptions<ResilienceOptions> options, TimeProvider time, TelemetryListener? listener = null)
{
    private readonly ConcurrentDictionary<string, PeerGuard> peers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RetryBudget> budgets = new(StringComparer.Ordinal);

    /// <summary>Every peer called so far, as <c>role@host:port</c>.</summary>
    public IReadOnlyList<PeerHealth> Peers => [.. peers.OrderBy(static peer => peer.Key, StringComparer.Ordinal).Select(peer => peer.Value.Read(peer.Key, Budget(Role(peer.Key)).Left))];

    internal int MaxAttempts => options.Value.MaxAttempts;

    internal PeerGuard For(string role, string address) => peers.GetOrAdd($"{role}@{address}", Create);

    /// <summary>A process that is gone for good is no longer shown.</summary>
    internal void Forget(string role, string address) => peers.TryRemove($"{role}@{address}", out _);

    internal RetryBudget Budget(string role) => budgets.GetOrAdd(role, _ => new RetryBudget(options.Value.RetryBudget, options.Value.RetryReserve));

    private static string Role(string peer) => peer[..peer.IndexOf('@', StringComparison.Ordinal)];

    private PeerGuard Create(string name)
    {
        var state = new CircuitBreakerStateProvider();
        var breaker = new ResiliencePipelineBuilder { Name = "role-call", InstanceName = name, TimeProvider = time, TelemetryListener = listener }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = name,
                FailureRatio = options.Value.BreakerFailureRatio,
                MinimumThroughput = options.Value.BreakerMinimumCalls,
                SamplingDuration = options.Value.BreakerWindow,
                BreakDuration = options.Value.BreakerRest,
                StateProvider = state,
                // Its own trouble counts; that a request was wrong, a caller had little time left, or a database is away, is not this process's.
                ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Exception is RoleCallException { Failure: RoleFailure.Away or RoleFailure.Broken or RoleFailure.Failed }),
            })
            .Build();
        return new PeerGuard(breaker, state);
    }
}

/// <summary>What stands around one process of a role.</summary>
internal sealed class PeerGuard(ResiliencePipeline breaker, CircuitBreakerStateProvider state)
{
    private long calls;
    private long failures;

    /// <summary>Begins a call under the breaker.</summary>
    /// <exception cref="RoleCallException">The breaker is open and nothing was sent, or the call failed.</exception>
    public async ValueTask<T> ExecuteAsync<T>(string role, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await breaker.ExecuteAsync(
                async token =>
                {
                    Interlocked.Increment(ref calls);
                    try
                    {
                        return await call(token).ConfigureAwait(false);
                    }
                    catch (RoleCallException)
                    {
                        Interlocked.Increment(ref failures);
                        throw;
                    }
                },
                cancellation).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new RoleCallException(role, RoleFailure.Full, $"The process of the role {role} failed too often and rests; try again shortly.", e);
        }
    }

    public PeerHealth Read(string name, double retriesLeft) => new(
        name,
        state.CircuitState switch { CircuitState.HalfOpen => "half_open", var other => other.ToString().ToLowerInvariant() },
        Interlocked.Read(ref calls),
        Interlocked.Read(ref failures),
        retriesLeft);
}

/// <summary>How a process of a role does.</summary>
/// <param name="Name"><c>role@host:port</c>.</param>
/// <param name="State"><c>closed</c>, <c>open</c> or <c>half_open</c>.</param>
/// <param name="Calls">Calls begun since this process started.</param>
/// <param name="Failures">Of these, failed ones.</param>
/// <param name="RetriesLeft">Retries the role's budget allows now.</param>
public sealed record PeerHealth(string Name, string State, long Calls, long Failures, double RetriesLeft);
