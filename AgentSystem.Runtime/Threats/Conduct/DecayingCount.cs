namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>A count that forgets: each event weighs half after <see cref="HalfLife"/>, a quarter after two. It needs no windows, and a burst on a border of two of them is one burst.</summary>
internal struct DecayingCount
{
    /// <summary>After this long an event weighs half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(5);

    private double value;
    private DateTimeOffset at;

    /// <summary>What is left of the count.</summary>
    public readonly double At(DateTimeOffset now) => value * Math.Pow(.5, Math.Max(0, (now - at).TotalSeconds) / HalfLife.TotalSeconds);

    /// <summary>Counts one more. A moment before the last one is taken for the last one: a clock that was set back must not let a count grow.</summary>
    public void Add(DateTimeOffset now)
    {
        value = At(now) + 1;
        at = now > at ? now : at;
    }
}
