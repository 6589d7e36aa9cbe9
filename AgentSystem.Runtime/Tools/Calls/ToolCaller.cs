using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Schemas;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>
/// Calls a tool of the catalogue: its state, its arguments, its place, its breaker, then attempts within its deadline. What may be repeated is repeated with the same id; what may not is sent once,
/// and is tried again only where it certainly never arrived.
/// </summary>
public sealed class ToolCaller(
    IEnumerable<IToolTransport> transports, ToolCredentials credentials, CallBreakers breakers, JitterSource jitter, IOptions<ResilienceOptions> resilience, TimeProvider time, ToolTelemetry? telemetry = null)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<IToolTransport> transports = [.. transports];

    /// <summary>Where a tool's breaker and figures are kept: tools of two tenants have nothing to do with each other.</summary>
    public static string Key(string tenant, string tool) => $"tool\n{tenant}\n{tool}";

    /// <summary>Makes a call. Whatever the tool does is a value; only a store that does not answer is an exception.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="tool">What is called: its approved version.</param>
    /// <param name="schema">Its schema, read.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <param name="callId">The id, the same whenever this call is made again.</param>
    /// <param name="cancellation">Gives the call up.</param>
    public async Task<ToolAnswer> CallAsync(string tenant, ToolRecord tool, ToolSchema schema, JsonElement arguments, string callId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(schema);
        var started = time.GetTimestamp();
        if (ToolWords.NotCallable(tool) is { } resting)
        {
            return new ToolAnswer(ToolOutcome.Error, resting, 0, TimeSpan.Zero);
        }

        if (schema.Check(arguments) is { Count: > 0 } problems)
        {
            return new ToolAnswer(ToolOutcome.Error, $"error: {string.Join(". ", problems)}.", 0, TimeSpan.Zero);
        }

        var guard = breakers.For(Key(tenant, tool.Definition.Name));
        if (!guard.TryEnter(tool.Definition.MaxConcurrency))
        {
            telemetry?.Ended(tool.Definition.Kind, "busy", TimeSpan.Zero);
            return new ToolAnswer(ToolOutcome.Error, ToolWords.Busy(tool.Definition), 0, TimeSpan.Zero);
        }

        try
        {
            var send = new ToolSend(tenant, tool.Definition, arguments, callId, await credentials.OfAsync(tenant, tool.Definition, cancellation).ConfigureAwait(false));
            var answer = await TryAsync(guard, send, started, cancellation).ConfigureAwait(false);
            telemetry?.Ended(tool.Definition.Kind, ToolWords.Of(answer.Outcome), answer.Duration);
            return answer;
        }
        finally
        {
            guard.Leave();
        }
    }

    private async Task<ToolAnswer> TryAsync(CallGuard guard, ToolSend send, long started, CancellationToken cancellation)
    {
        var limit = TimeSpan.FromSeconds(send.Tool.TimeoutSeconds);
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        guard.Retries.Called();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await guard.TryAsync(token => AttemptAsync(send, limit, either, cancellation, token), either.Token).ConfigureAwait(false);
                return Ended(answer.IsError ? ToolOutcome.Error : ToolOutcome.Success, answer.IsError ? $"error: {answer.Text}" : answer.Text, attempt, started);
            }
            catch (CallRestsException e)
            {
                return Ended(ToolOutcome.Error, ToolWords.Rests(send.Tool.Name, e), attempt - 1, started);
            }
            catch (ToolCallException e)
            {
                var wait = Delay(attempt, e.RetryAfter);
                var again = MayRepeat(send.Tool.Effect, e.Fault) && attempt < resilience.Value.MaxAttempts && time.GetElapsedTime(started) + wait < limit && wait <= LongestWait && guard.Retries.TryRetry();
                if (!again)
                {
                    return Ended(e.Fault == ToolFault.Lost && !IsRepeatable(send.Tool.Effect) ? ToolOutcome.Unknown : ToolOutcome.Error, $"error: {e.Message}", attempt, started);
                }

                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The deadline came between two attempts.
                return Ended(ToolOutcome.Error, $"error: {ToolWords.TooSlow(send.Tool.Name, limit)}", attempt, started);
            }
        }
    }

    private async Task<TransportAnswer> AttemptAsync(ToolSend send, TimeSpan limit, CancellationTokenSource either, CancellationToken cancellation, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        try
        {
            return await transports.First(transport => transport.Reaches(send.Tool.Kind)).SendAsync(send, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ToolCallException(ToolFault.Lost, ToolWords.TooSlow(send.Tool.Name, limit), null, e);
        }
    }

    private ToolAnswer Ended(ToolOutcome outcome, string text, int attempts, long started) => new(outcome, outcome == ToolOutcome.Unknown ? $"{text}; {ToolWords.Unknown}" : text, attempts, time.GetElapsedTime(started));

    private TimeSpan Delay(int attempt, TimeSpan? asked)
    {
        var backoff = resilience.Value.BaseDelay * (jitter.Next() * Math.Pow(2, attempt - 1));
        return asked > backoff ? asked.Value : backoff;
    }

    private static bool IsRepeatable(ToolEffect effect) => effect is ToolEffect.Read or ToolEffect.Idempotent;

    private static bool MayRepeat(ToolEffect effect, ToolFault fault) => fault == ToolFault.NotMade || (fault == ToolFault.Lost && IsRepeatable(effect));
}
