using System.Buffers;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>Which listed hosts and pages a text names. A listed host is met by every host below it.</summary>
internal sealed class HostIndex
{
    private const int LongestHost = 253;

    private static readonly SearchValues<char> HostLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
    private static readonly SearchValues<char> PageEnds = SearchValues.Create(" \t\r\n\"'<>()[]{}`|\\^");

    private readonly Dictionary<string, Indicator> hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Indicator> pages = new(StringComparer.Ordinal);

    public HostIndex(IEnumerable<Indicator> domains, IEnumerable<Indicator> urls)
    {
        Keep(hosts, domains);
        Keep(pages, urls);
    }

    /// <summary>The surest host or page that counts; null: none.</summary>
    public Indicator? Find(string text, DateTimeOffset now)
    {
        Indicator? best = null;
        if (hosts.Count > 0)
        {
            FindHosts(text, now, ref best);
        }

        if (pages.Count > 0)
        {
            FindPages(text, now, ref best);
        }

        return best;
    }

    private static void Keep(Dictionary<string, Indicator> table, IEnumerable<Indicator> indicators)
    {
        foreach (var indicator in indicators)
        {
            if (!table.TryGetValue(indicator.Value, out var other) || other.Confidence < indicator.Confidence)
            {
                table[indicator.Value] = indicator;
            }
        }
    }

    private void FindHosts(ReadOnlySpan<char> text, DateTimeOffset now, ref Indicator? best)
    {
        var known = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        while (text.IndexOfAny(HostLetters) is var start and >= 0)
        {
            text = text[start..];
            var end = text.IndexOfAnyExcept(HostLetters);
            var host = (end < 0 ? text : text[..end]).Trim('.');
            text = end < 0 ? [] : text[end..];
            // What is longer is no host, and its parents would be looked up one by one.
            while (host.Length is > 0 and <= LongestHost && host.IndexOf('.') is var dot and > 0)
            {
                Better(known.TryGetValue(host, out var found) ? found : null, now, ref best);
                host = host[(dot + 1)..];
            }
        }
    }

    private void FindPages(ReadOnlySpan<char> text, DateTimeOffset now, ref Indicator? best)
    {
        while (text.IndexOf("http", StringComparison.OrdinalIgnoreCase) is var start and >= 0)
        {
            text = text[start..];
            var end = text.IndexOfAny(PageEnds);
            var page = end < 0 ? text : text[..end];
            text = text[4..];
            if (page.Length <= Indicator.MaxValue && IndicatorValues.Page(page.TrimEnd(".,;:!?").ToString()) is { } canonical)
            {
                Better(pages.GetValueOrDefault(canonical), now, ref best);
            }
        }
    }

    private static void Better(Indicator? found, DateTimeOffset now, ref Indicator? best) =>
        best = found is not null && found.CountsAt(now) && (best is null || found.Confidence > best.Confidence) ? found : best;
}
