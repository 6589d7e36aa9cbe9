namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>
/// What is usual: an exponentially weighted mean and variance (West 1979), a plain average at first. A value beyond three deviations is learned as if it were there: whoever wants to make the
/// unusual usual needs days for it. Immutable, so that it can be kept and compared.
/// </summary>
/// <param name="Learned">Values learned so far.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Variance">Their variance.</param>
internal readonly record struct LearnedLevel(int Learned, double Mean, double Variance)
{
    private const double Weight = .02;
    private const int Trusted = 12;
    private const double MostDeviations = 3;

    /// <summary>The level after one more value.</summary>
    /// <param name="value">The value; must be finite.</param>
    /// <param name="floor">The smallest deviation believed, so that a steady level does not make a trifle unusual.</param>
    public LearnedLevel Learn(double value, double floor)
    {
        var deviation = Deviation(floor);
        var seen = Learned < Trusted ? value : Math.Clamp(value, Mean - (MostDeviations * deviation), Mean + (MostDeviations * deviation));
        var weight = Math.Max(Weight, 1.0 / (Learned + 1));
        var step = weight * (seen - Mean);
        return new LearnedLevel(Math.Min(Learned + 1, int.MaxValue - 1), Mean + step, (1 - weight) * (Variance + (step * (seen - Mean))));
    }

    /// <summary>How many deviations a value lies above what is usual; 0 below it.</summary>
    public double Above(double value, double floor) => Math.Max(0, (value - Mean) / Deviation(floor));

    private double Deviation(double floor) => Math.Max(floor, Math.Sqrt(Math.Max(0, Variance)));
}
