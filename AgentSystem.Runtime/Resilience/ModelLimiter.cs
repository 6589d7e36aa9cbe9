using AgentSystem.Contracts.Limits;
using AgentSystem.Contracts.Models;

namespace AgentSystem.Runtime.Resilience;

/// <summary>
/// What one model is asked, counted in this process: requests and tokens over a sliding minute (the minute before weighted by its remaining share),
/// calls under way, and a rest the provider asked for. Tokens are charged when they are known, so a burst can overshoot by the calls under way.
/// </summary>
internal sealed class ModelLimiter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SlotFree = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private readonly Slice requests = new();
    private readonly Slice tokens = new();
    private long minute;
    private int underWay;
    private TimeSpan restsUntil;

    /// <summary>Admits a call (null), or says which limit it met. An admitted call must be ended with <see cref="Leave"/>.</summary>
    public ModelFailure? Enter(string model, ModelLimits? limits)
    {
        lock (gate)
        {
            var now = Roll();
            if (restsUntil > now)
            {
                return Refusal($"The provider of model \"{model}\" asked for a pause.", restsUntil - now);
            }

            var elapsed = (now - (minute * Window)) / Window;
            if (limits?.RequestsPerMinute is { } most && requests.Wait(most, elapsed) is { } wait)
            {
                return Refusal($"Model \"{model}\" is at its limit of {most} requests per minute (Models:{model}:RequestsPerMinute).", wait * Window);
            }

            if (limits?.TokensPerMinute is { } tokensPerMinute && tokens.Wait(tokensPerMinute, elapsed) is { } tokenWait)
            {
                return Refusal($"Model \"{model}\" is at its limit of {tokensPerMinute} tokens per minute (Models:{model}:TokensPerMinute).", tokenWait * Window);
            }

            if (limits?.Concurrency is { } atOnce && underWay >= atOnce)
            {
                return Refusal($"Model \"{model}\" is at its limit of {atOnce} calls at once (Models:{model}:Concurrency).", SlotFree);
            }

            requests.Now++;
            underWay++;
            return null;
        }
    }

    /// <summary>Ends an admitted call and charges its tokens.</summary>
    public void Leave(long spent)
    {
        lock (gate)
        {
            Roll();
            underWay--;
            tokens.Now += spent;
        }
    }

    /// <summary>The provider said when it wants to be asked again; until then nobody asks.</summary>
    public void Rest(TimeSpan pause)
    {
        lock (gate)
        {
            var until = time.GetElapsedTime(start) + pause;
            restsUntil = until > restsUntil ? until : restsUntil;
        }
    }

    /// <summary>How far the limits are used.</summary>
    public LimitUse Use()
    {
        lock (gate)
        {
            var elapsed = (Roll() - (minute * Window)) / Window;
            return new LimitUse(requests.Estimate(elapsed), tokens.Estimate(elapsed), underWay);
        }
    }

    private static ModelFailure Refusal(string reason, TimeSpan wait) =>
        new(503, ModelFailures.RateLimited, reason, Retryable: false, wait > SlotFree ? wait : SlotFree);

    private TimeSpan Roll()
    {
        var now = time.GetElapsedTime(start);
        var current = now.Ticks / Window.Ticks;
        if (current > minute)
        {
            requests.Roll(current - minute);
            tokens.Roll(current - minute);
            minute = current;
        }

        return now;
    }

    private sealed class Slice
    {
        private double before;

        public double Now { get; set; }

        public void Roll(long steps) => (before, Now) = (steps == 1 ? Now : 0, 0);

        public double Estimate(double elapsed) => Now + (before * (1 - elapsed));

        /// <summary>Null when there is room under <paramref name="most"/>; otherwise how many windows to wait for it.</summary>
        public double? Wait(int most, double elapsed)
        {
            if (Estimate(elapsed) < most)
            {
                return null;
            }

            // Either this minute is full by itself, or the weight of the one before must fall far enough.
            return Now >= most ? 1 - elapsed : Math.Max(0, 1 - ((most - Now) / before) - elapsed);
        }
    }
}
