using AgentSystem.Contracts.Limits;
using System.Collections.Concurrent;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// Rate limits of keys, counted in this process: requests and tokens over a sliding minute (the previous minute weighted by its
/// remaining share), and requests in progress. Tokens are charged when they are known, so a burst can overshoot by the requests in progress.
/// </summary>
public sealed class KeyLimiter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // When one of the requests in progress ends is not known; asking again this soon costs nobody anything.
    private static readonly TimeSpan SlotWait = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Counters> counters = new(StringComparer.Ordinal);

    /// <summary>Admits a request or says which limit it met. An admitted request must be ended with <see cref="Leave"/>.</summary>
    public LimitVerdict Enter(Caller caller)
    {
        var limits = caller.Limits;
        var count = counters.GetOrAdd(caller.KeyId, static _ => new Counters());
        lock (count)
        {
            count.Roll(time.GetUtcNow(), Window);
            var requests = count.Requests.Estimate(Counters.Elapsed(time.GetUtcNow(), Window));
            var tokens = count.Tokens.Estimate(Counters.Elapsed(time.GetUtcNow(), Window));
            var reset = Counters.Reset(time.GetUtcNow(), Window);
            var (refused, wait) = (limits.RequestsPerMinute, limits.TokensPerMinute, limits.Concurrency) switch
            {
                ({ } most, _, _) when requests >= most => ($"The key's limit of {most} requests per minute is reached.", reset),
                (_, { } most, _) when tokens >= most => ($"The key's limit of {most} tokens per minute is reached.", reset),
                (_, _, { } most) when count.InProgress >= most => ($"The key's limit of {most} requests at once is reached.", SlotWait),
                _ => ((string?)null, TimeSpan.Zero),
            };
            if (refused is null)
            {
                count.Requests.Now++;
                count.InProgress++;
                requests++;
            }

            return new LimitVerdict(refused, wait, reset, Remaining(limits.RequestsPerMinute, requests), Remaining(limits.TokensPerMinute, tokens));
        }
    }

    /// <summary>Ends an admitted request and charges its tokens.</summary>
    public void Leave(Caller caller, int tokens)
    {
        if (counters.TryGetValue(caller.KeyId, out var count))
        {
            lock (count)
            {
                count.Roll(time.GetUtcNow(), Window);
                count.InProgress--;
                count.Tokens.Now += tokens;
            }
        }
    }

    /// <summary>How far a key's limits are used; nothing for a key that was not seen yet.</summary>
    public LimitUse Use(string keyId)
    {
        if (!counters.TryGetValue(keyId, out var count))
        {
            return LimitUse.None;
        }

        lock (count)
        {
            var now = time.GetUtcNow();
            count.Roll(now, Window);
            var elapsed = Counters.Elapsed(now, Window);
            return new LimitUse(count.Requests.Estimate(elapsed), count.Tokens.Estimate(elapsed), count.InProgress);
        }
    }

    private static long? Remaining(int? limit, double used) => limit is { } most ? Math.Max(0, (long)Math.Floor(most - used)) : null;

    private sealed class Counters
    {
        public Slice Requests { get; } = new();
        public Slice Tokens { get; } = new();
        public int InProgress { get; set; }
        private long minute;

        public void Roll(DateTimeOffset now, TimeSpan window)
        {
            var current = now.Ticks / window.Ticks;
            var steps = current - minute;
            if (steps > 0)
            {
                Requests.Roll(steps);
                Tokens.Roll(steps);
                minute = current;
            }
        }

        public static double Elapsed(DateTimeOffset now, TimeSpan window) => (double)(now.Ticks % window.Ticks) / window.Ticks;

        public static TimeSpan Reset(DateTimeOffset now, TimeSpan window) => window - TimeSpan.FromTicks(now.Ticks % window.Ticks);
    }

    private sealed class Slice
    {
        public double Now { get; set; }
        private double before;

        public void Roll(long steps)
        {
            before = steps == 1 ? Now : 0;
            Now = 0;
        }

        public double Estimate(double elapsed) => Now + (before * (1 - elapsed));
    }
}

/// <summary>What the limiter says of one request.</summary>
/// <param name="Refusal">Null when admitted; otherwise which limit was met.</param>
/// <param name="RetryAfter">When trying again makes sense; zero when admitted.</param>
/// <param name="Reset">When the current minute ends.</param>
/// <param name="RemainingRequests">Requests left in this minute; null when unlimited.</param>
/// <param name="RemainingTokens">Tokens left in this minute; null when unlimited.</param>
public sealed record LimitVerdict(string? Refusal, TimeSpan RetryAfter, TimeSpan Reset, long? RemainingRequests, long? RemainingTokens);
