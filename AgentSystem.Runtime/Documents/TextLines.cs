using System.Text;

namespace AgentSystem.Runtime.Documents;

/// <summary>Makes lines comparable: every format hands its text through here, so nothing that cannot be kept or shown gets further.</summary>
internal static class TextLines
{
    /// <summary>A paragraph narrower than this is not wrapped text but a list, an address or a poem.</summary>
    private const int NarrowestWrap = 40;

    /// <summary>Splits at every kind of line end.</summary>
    public static string[] Split(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r', '\u000B', '\u000C', '\u0085', '\u2028', '\u2029');

    /// <summary>
    /// One line without what no reader sees: control characters go, runs of white space become one blank, halves of surrogate pairs become U+FFFD.
    /// Letters are never changed.
    /// </summary>
    public static string Clean(string line)
    {
        var clean = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            var character = line[i];
            if (char.IsHighSurrogate(character) && i + 1 < line.Length && char.IsLowSurrogate(line[i + 1]))
            {
                clean.Append(character).Append(line[++i]);
            }
            else if (char.IsSurrogate(character))
            {
                clean.Append('\uFFFD');
            }
            else if (char.IsWhiteSpace(character))
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                {
                    clean.Append(' ');
                }
            }
            else if (!char.IsControl(character) && character is not ('\uFEFF' or '\u00AD' or '\u200B'))
            {
                clean.Append(character);
            }
        }

        return clean.ToString().TrimEnd(' ');
    }

    /// <summary>Cleans every line of a text and leaves empty ones out.</summary>
    public static string CleanAll(string text) => string.Join('\n', Split(text).Select(Clean).Where(line => line.Length > 0));

    /// <summary>
    /// Joins lines that were only wrapped. A line end is a wrap when the next line's first word would not have fitted: then the line
    /// stopped for want of room, not because the writer was done.
    /// </summary>
    public static string Unwrap(IReadOnlyList<string> lines)
    {
        var width = lines.Max(line => line.Length);
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0)
            {
                text.Append(IsWrap(lines[i - 1], lines[i], width) ? ' ' : '\n');
            }

            text.Append(lines[i]);
        }

        return text.ToString();
    }

    /// <summary>True for a line that begins an item of a list.</summary>
    public static bool IsItem(string line) =>
        line is ['-' or '*' or '+' or '•' or '–' or '·' or '▪' or '◦', ' ', ..]
        || (line.Length > 2 && char.IsAsciiDigit(line[0]) && line.AsSpan(1).TrimStart("0123456789") is ['.' or ')', ' ', ..]);

    private static bool IsWrap(string line, string next, int width)
    {
        if (width < NarrowestWrap || IsItem(next))
        {
            return false;
        }

        var blank = next.IndexOf(' ', StringComparison.Ordinal);
        return line.Length + 1 + (blank < 0 ? next.Length : blank) > width;
    }
}
