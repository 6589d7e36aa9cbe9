using System.Globalization;
using System.Text;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// The canonical view of a text: what detection and cache keys see, so that invisible differences make no difference. The original is kept
/// beside it and is what the model gets, because joiners and variation selectors carry meaning in Persian, Indic scripts and emoji.
/// </summary>
public static class Canonical
{
    /// <summary>
    /// Newlines as <c>\n</c>, without control and zero-width characters. Composed and decomposed forms stay different: normalisation needs ICU,
    /// which hosts do without; the worst that follows is a cache miss.
    /// </summary>
    public static string Text(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                clean.Append(i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n");
            }
            else if (c is '\n' or '\t' || !Invisible(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    private static bool Invisible(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
