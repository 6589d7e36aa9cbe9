namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>What a subject usually does in five minutes in which it does anything; silence is not learned, so that a morning after a quiet night is nothing unusual. Kept in the database.</summary>
/// <param name="Rate">Requests, as the logarithm of one plus their number.</param>
/// <param name="Cost">Money, as the logarithm of one plus thousandths of a USD.</param>
internal readonly record struct ConductProfile(LearnedLevel Rate, LearnedLevel Cost)
{
    /// <summary>Length of an interval.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Intervals that must have been learned before anything is called unusual: two hours of doing something.</summary>
    public const int EnoughIntervals = 24;

    // A factor of 1.5: what is steady may grow by half without a deviation.
    private const double Floor = .4;

    /// <summary>True when it may judge.</summary>
    public bool IsLearned => Rate.Learned >= EnoughIntervals;

    /// <summary>The profile after one more interval.</summary>
    public ConductProfile Learn(int requests, decimal usd) => new(Rate.Learn(OfRate(requests), Floor), Cost.Learn(OfCost(usd), Floor));

    /// <summary>Deviations by which an interval has more requests than usual.</summary>
    public double RateAbove(int requests) => Rate.Above(OfRate(requests), Floor);

    /// <summary>Deviations by which an interval costs more than usual.</summary>
    public double CostAbove(decimal usd) => Cost.Above(OfCost(usd), Floor);

    private static double OfRate(int requests) => Math.Log(1 + Math.Max(0, requests));

    private static double OfCost(decimal usd) => Math.Log(1 + (1000 * (double)Math.Max(0, usd)));
}
