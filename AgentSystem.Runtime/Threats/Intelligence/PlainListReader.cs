using System.Globalization;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>Reads a list of one entry a line.</summary>
internal static class PlainListReader
{
    private const string HashMark = "sha256:", DomainMark = "domain:", PhraseMark = "phrase:";

    public static ReadIndicators Read(string list, double confidence, DateTimeOffset? expiresAt)
    {
        var read = new ReadIndicators();
        var number = 0;
        foreach (var raw in list.EnumerateLines())
        {
            number++;
            var line = raw.Trim().ToString();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (Parse(line) is var (kind, value))
            {
                read.Found.Add(new Indicator(kind, value, confidence, expiresAt));
            }
            else
            {
                read.Skip(number.ToString(CultureInfo.InvariantCulture), "It is neither an address, a range, a hash, a host, a page nor a phrase of at most 16 words.");
            }
        }

        return read;
    }

    private static (IndicatorKind Kind, string Value)? Parse(string line)
    {
        if (line.StartsWith(HashMark, StringComparison.OrdinalIgnoreCase))
        {
            return Of(IndicatorKind.Sha256, IndicatorValues.Sha256(line[HashMark.Length..].Trim()));
        }

        if (line.StartsWith(DomainMark, StringComparison.OrdinalIgnoreCase))
        {
            return Of(IndicatorKind.Domain, IndicatorValues.Host(line[DomainMark.Length..]));
        }

        if (line.StartsWith(PhraseMark, StringComparison.OrdinalIgnoreCase))
        {
            return Of(IndicatorKind.Phrase, IndicatorValues.Phrase(line[PhraseMark.Length..]));
        }

        return Of(IndicatorKind.Address, IndicatorValues.Range(line)) ?? Of(IndicatorKind.Sha256, IndicatorValues.Sha256(line)) ?? Of(IndicatorKind.Url, IndicatorValues.Page(line))
            ?? Of(IndicatorKind.Phrase, IndicatorValues.Phrase(line));
    }

    private static (IndicatorKind Kind, string Value)? Of(IndicatorKind kind, string? value) => value is null ? null : (kind, value);
}
