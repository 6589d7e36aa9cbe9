using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>All indicators of a tenant, arranged for looking up. Immutable; swapped as a whole.</summary>
internal sealed class IndicatorSet
{
    private readonly AddressIndex addresses;
    private readonly PhraseIndex phrases;
    private readonly HostIndex hosts;
    private readonly Dictionary<string, Indicator> hashes = new(StringComparer.Ordinal);

    public IndicatorSet(IReadOnlyCollection<Indicator> indicators)
    {
        Count = indicators.Count;
        addresses = new AddressIndex(indicators.Where(static each => each.Kind == IndicatorKind.Address));
        phrases = new PhraseIndex(indicators.Where(static each => each.Kind == IndicatorKind.Phrase));
        hosts = new HostIndex(indicators.Where(static each => each.Kind == IndicatorKind.Domain), indicators.Where(static each => each.Kind == IndicatorKind.Url));
        foreach (var hash in indicators.Where(static each => each.Kind == IndicatorKind.Sha256))
        {
            hashes[hash.Value] = hash;
        }
    }

    /// <summary>Nothing is listed.</summary>
    public static IndicatorSet None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The surest range that holds an address; null: none.</summary>
    public Indicator? OfAddress(IPAddress address, DateTimeOffset now) => addresses.Find(address, now);

    /// <summary>The surest indicator a text meets; null: none.</summary>
    public Indicator? OfText(string text, DateTimeOffset now)
    {
        if (Count == 0)
        {
            return null;
        }

        Indicator? best = null;
        if (hashes.Count > 0 && hashes.TryGetValue(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), out var hash) && hash.CountsAt(now))
        {
            best = hash;
        }

        foreach (var found in new[] { phrases.Find(text, now), hosts.Find(text, now) })
        {
            best = found is not null && (best is null || found.Confidence > best.Confidence) ? found : best;
        }

        return best;
    }
}
