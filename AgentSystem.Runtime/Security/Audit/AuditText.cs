using System.Globalization;
using System.Text;
using AgentSystem.Runtime.Security.Screening.Findings;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Texts as they may stand in the audit log: no secret, no personal data, nothing that would change a line, a terminal or the direction in which it is read.</summary>
internal static class AuditText
{
    /// <summary>Most characters of an object or a detail.</summary>
    public const int MaxLength = 500;

    /// <summary>Most details of an entry.</summary>
    public const int MaxDetails = 16;

    private const int MostRead = 4 * MaxLength, MaxName = 100;
    private const char Unreadable = '\uFFFD';

    /// <summary>What is found of secrets and personal data is replaced by its name in brackets, the rest is as <see cref="Line"/> has it.</summary>
    public static string Clean(string text)
    {
        // Looked through before it is cut: half a secret would not be found.
        var line = Readable(text);
        var findings = TextFindings.Of(line);
        return Bound(findings.Count == 0 ? line : TextFindings.Without(line, findings, mask: false));
    }

    /// <summary>One line of readable characters, at most <see cref="MaxLength"/>: line ends and tabs become blanks; other controls (ANSI's escape among them), bidi and unseen characters go.</summary>
    public static string Line(string text) => Bound(Readable(text));

    /// <summary>An act's name or a detail's: lower-case words, dots and underscores.</summary>
    public static string Name(string name) =>
        new([.. name.ToLowerInvariant().Take(MaxName).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')]);

    private static string Readable(string text)
    {
        var read = text.AsSpan(0, Math.Min(text.Length, MostRead));
        var clean = new StringBuilder(read.Length);
        for (var i = 0; i < read.Length; i++)
        {
            var c = read[i];
            if (char.IsHighSurrogate(c) && i + 1 < read.Length && char.IsLowSurrogate(read[i + 1]))
            {
                var rune = new Rune(c, read[++i]);
                if (!Unseen(Rune.GetUnicodeCategory(rune)))
                {
                    clean.Append(c).Append(read[i]);
                }
            }
            else if (char.IsSurrogate(c))
            {
                clean.Append(Unreadable);
            }
            else if (c is '\r' or '\n' or '\t' or '\u0085' or '\u2028' or '\u2029')
            {
                clean.Append(' ');
            }
            else if (!Unseen(char.GetUnicodeCategory(c)))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    private static bool Unseen(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static string Bound(string text)
    {
        if (text.Length <= MaxLength)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1)] + "…";
    }
}
