namespace AgentSystem.Runtime.Resilience;

/// <summary>What the last calls of one model took: a ring of bounded size, counted from real calls only.</summary>
internal sealed class ModelFigures(TimeProvider time)
{
    /// <summary>Calls the medians are taken over.</summary>
    public const int Kept = 128;

    private readonly Lock gate = new();
    private readonly Queue<CallFigures> last = new(Kept);
    private long calls;
    private long failures;
    private string? lastError;
    private DateTimeOffset? lastErrorAt;
    private bool lastFailed;

    /// <summary>A call ended with an answer.</summary>
    public void Answered(CallFigures call)
    {
        lock (gate)
        {
            calls++;
            lastFailed = false;
            if (last.Count == Kept)
            {
                last.Dequeue();
            }

            last.Enqueue(call);
        }
    }

    /// <summary>A call failed. <paramref name="reason"/> is ours, never the provider's own text: that may quote the conversation.</summary>
    public void Failed(string reason)
    {
        lock (gate)
        {
            calls++;
            failures++;
            lastFailed = true;
            (lastError, lastErrorAt) = (reason, time.GetUtcNow());
        }
    }

    /// <summary>A caller left before the end: a call, but no judgement on the model.</summary>
    public void Abandoned()
    {
        lock (gate)
        {
            calls++;
        }
    }

    /// <summary>The figures now.</summary>
    public ModelHealth Read()
    {
        lock (gate)
        {
            var generating = last.Where(static call => call.OutputTokens > 0 && call.Duration > call.FirstToken).ToList();
            var seconds = generating.Sum(static call => (call.Duration - call.FirstToken!.Value).TotalSeconds);
            return new ModelHealth(
                calls,
                failures,
                Median(last.Select(static call => call.Duration)),
                Median(last.Where(static call => call.FirstToken is not null).Select(static call => call.FirstToken!.Value)),
                seconds > 0 ? Math.Round(generating.Sum(static call => call.OutputTokens) / seconds, 1) : null,
                lastError,
                lastErrorAt,
                lastFailed);
        }
    }

    private static double? Median(IEnumerable<TimeSpan> durations)
    {
        var sorted = durations.Order().ToArray();
        return sorted.Length == 0 ? null : Math.Round(((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2).TotalMilliseconds, 3);
    }
}

/// <summary>One answered call: time spent waiting for the model, not for the reader.</summary>
internal readonly record struct CallFigures(TimeSpan Duration, TimeSpan? FirstToken, long OutputTokens);

/// <summary>How a model does.</summary>
/// <param name="Calls">Calls sent since the process started, retries included.</param>
/// <param name="Failures">Of these, failed ones.</param>
/// <param name="P50Ms">Median duration of the last calls; null without any.</param>
/// <param name="FirstTokenP50Ms">Median time to the first piece.</param>
/// <param name="TokensPerSecond">Output tokens over the time after the first piece.</param>
/// <param name="LastError">The newest failure.</param>
/// <param name="LastErrorAt">When it was.</param>
/// <param name="LastFailed">True when the newest finished call failed.</param>
public sealed record ModelHealth(
    long Calls, long Failures, double? P50Ms, double? FirstTokenP50Ms, double? TokensPerSecond, string? LastError, DateTimeOffset? LastErrorAt, bool LastFailed);
