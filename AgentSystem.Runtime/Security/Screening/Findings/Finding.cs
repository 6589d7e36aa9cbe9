namespace AgentSystem.Runtime.Security.Screening.Findings;

/// <summary>Something in a text that is nobody else's business.</summary>
/// <param name="Entity">What it is, e.g. <c>CREDIT_CARD</c>; keys and passwords begin with <c>SECRET_</c>.</param>
/// <param name="Start">Its first character (UTF-16) in the original text.</param>
/// <param name="End">The place after its last character.</param>
/// <param name="Masked">How it may be shown.</param>
internal sealed record Finding(string Entity, int Start, int End, string Masked)
{
    /// <summary>True for what opens a door.</summary>
    public bool IsSecret => Entity.StartsWith("SECRET_", StringComparison.Ordinal);
}

/// <summary>Finds personal data and secrets. Formats are checked with their own checksums where they have one. Linear: every finder moves forward only, within bounded look-around.</summary>
internal static class TextFindings
{
    /// <summary>The findings in the order of their places; where two overlap, the one that says more.</summary>
    public static IReadOnlyList<Finding> Of(string text)
    {
        var plain = Narrow(text);
        var found = new List<Finding>();
        SecretFinder.Find(plain, found);
        EmailFinder.Find(plain, found);
        NumberFinder.Find(plain, found);
        NationalIdFinder.Find(plain, found);
        return Settle(found);
    }

    /// <summary>The text with what was found replaced: by its masked form, or by its name in brackets.</summary>
    public static string Without(string text, IReadOnlyList<Finding> findings, bool mask)
    {
        var (clean, at) = (new System.Text.StringBuilder(text.Length), 0);
        foreach (var finding in findings)
        {
            clean.Append(text, at, finding.Start - at).Append(mask ? finding.Masked : $"[{finding.Entity}]");
            at = finding.End;
        }

        return clean.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Letters and digits of full width, and digits of other scripts, as ASCII, place by place.</summary>
    private static string Narrow(string text) => text.All(char.IsAscii) ? text : string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            var c = from[i];
            span[i] = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c is '\u3000' or '\u00A0' or '\u202F' ? ' ' : c is '\u2010' or '\u2011' or '\u2012' or '\u2013' ? '-'
                : !char.IsAscii(c) && char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c;
        }
    });

    private static List<Finding> Settle(List<Finding> found)
    {
        var kept = new List<Finding>();
        // A token in an address is a token first ("https://TOKEN@host" has the form of a mail address).
        var secrets = found.Where(static each => each.IsSecret).OrderBy(static each => each.Start).ToArray();
        foreach (var finding in found.Where(each => each.IsSecret || !Overlaps(secrets, each)).OrderBy(static each => each.Start).ThenByDescending(static each => each.End))
        {
            if (kept.Count == 0 || finding.Start >= kept[^1].End)
            {
                kept.Add(finding);
            }
        }

        return kept;
    }

    private static bool Overlaps(Finding[] sorted, Finding finding)
    {
        // The last secret that begins before the finding ends; secrets of one place are few, so one step back finds it.
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle].Start < finding.End ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && sorted[low - 1].End > finding.Start;
    }
}
