using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>What was read of a list or bundle.</summary>
public sealed class ReadIndicators
{
    /// <summary>Most skipped entries that are named.</summary>
    public const int MostNamed = 100;

    private readonly List<SkippedIndicator> skipped = [];

    /// <summary>Entries in canonical form.</summary>
    public List<Indicator> Found { get; } = [];

    /// <summary>The first entries that were not read.</summary>
    public IReadOnlyList<SkippedIndicator> Skipped => skipped;

    /// <summary>How many they are.</summary>
    public int SkippedCount { get; private set; }

    internal void Skip(string entry, string reason)
    {
        SkippedCount++;
        if (skipped.Count < MostNamed)
        {
            skipped.Add(new SkippedIndicator(entry, reason));
        }
    }
}
