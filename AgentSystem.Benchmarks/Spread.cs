namespace AgentSystem.Benchmarks;

/// <summary>A figure over the rounds of a run: the middle one, with the lowest and the highest.</summary>
internal readonly record struct Spread(double Median, double Lowest, double Highest)
{
    /// <summary>The spread of at least one value. Of an even number the upper of the two middle ones is the median.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }
}
