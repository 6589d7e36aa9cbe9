namespace AgentSystem.Benchmarks.ModelQuality;

/// <summary>What the shipped model must reach on its test set, in percent of exact answers, per tool. The only place that says so.</summary>
internal static class QualityGate
{
    /// <summary>Percent of sentences with the right tool, every argument right, and the value in the final answer.</summary>
    public static readonly IReadOnlyDictionary<string, double> Percent = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["calculator"] = 98,
        ["clock"] = 80,
        ["remember"] = 80,
        ["recall"] = 80,
        ["search"] = 80,
        ["none"] = 80,
    };

    /// <summary>The same over all sentences of the test set.</summary>
    public const double Overall = 95;
}
