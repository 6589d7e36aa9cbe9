using System.Net;
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

    /// <summary>Leaves out what would certainly refuse this very address: whoever imports a range that holds their own could not take it back.</summary>
    public void LeaveOut(IPAddress? own)
    {
        foreach (var range in own is null ? [] : Found.Where(each => each.Kind == IndicatorKind.Address && each.Confidence >= Indicator.Certain && new AddressIndex([each]).Find(own, DateTimeOffset.MinValue) is not null).ToArray())
        {
            Found.Remove(range);
            Skip(range.Value, "It holds the address this import came from, which could not come back to remove it; give it a confidence below 0.9, or import it from elsewhere.");
        }
    }

    internal void Skip(string entry, string reason)
    {
        SkippedCount++;
        if (skipped.Count < MostNamed)
        {
            skipped.Add(new SkippedIndicator(entry, reason));
        }
    }
}
