using System.Globalization;
using System.Text;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// The canonical view of a text: what detection and cache keys see, so that invisible differences make no difference. The original is kept
/// beside it and is what the model gets, because joiners and variation selectors carry meaning in Persian, Indic scripts and emoji.
/// </summary>
public static class Canonical
{
    /// <summary>NFC (UAX 15), newlines as <c>\n</c>, without control and zero-width characters.</summary>
    public static string Text(string text)
    {
        var composed = text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
        if (!composed.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return composed;
        }

        var clean = new StringBuilder(composed.Length);
        for (var i = 0; i < composed.Length; i++)
        {
            var c = composed[i];
            if (c == '\r')
            {
                clean.Append(i + 1 < composed.Length && composed[i + 1] == '\n' ? "" : "\n");
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
