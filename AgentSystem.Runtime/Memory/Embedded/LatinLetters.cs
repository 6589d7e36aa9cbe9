using System.Collections.Frozen;
using System.Text;

namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>
/// Folds text for comparison: lower case, Latin letters without their accents. Written out because the hosts run in
/// invariant globalization mode, where Unicode normalization changes nothing.
/// </summary>
internal static class LatinLetters
{
    private static readonly FrozenDictionary<char, string> Plain = Table(
        ("a", "àáâãåāăąǎạảấầẩẫậắằẳẵặ"), ("ae", "äæ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęěẹẻẽếềểễệ"), ("g", "ĝğġģ"), ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįıỉịǐ"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõōŏőơọỏốồổỗộớờởỡợǒ"), ("oe", "öøœ"),
        ("r", "ŕŗř"), ("s", "śŝşšș"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûũūŭůűųưụủứừửữựǔ"), ("ue", "ü"), ("w", "ŵ"), ("y", "ýÿŷỳỵỷỹ"), ("z", "źżž"));

    /// <summary>Folds <paramref name="text"/>; with <paramref name="digraphs"/> an umlaut becomes two letters (ü is ue), without it one (ü is u).</summary>
    public static string Fold(string text, bool digraphs = false)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var lower = char.ToLowerInvariant(character);
            if (char.IsAscii(lower))
            {
                folded.Append(lower);
            }
            else if (Plain.TryGetValue(lower, out var plain))
            {
                // ß, þ have no one-letter form.
                folded.Append(digraphs || lower is 'ß' or 'þ' ? plain : plain[..1]);
            }
            else if (lower is < '\u0300' or > '\u036F')
            {
                // A combining accent is dropped; anything else is kept as it is.
                folded.Append(lower);
            }
        }

        return folded.ToString();
    }

    private static FrozenDictionary<char, string> Table(params (string Plain, string Letters)[] rows) =>
        rows.SelectMany(row => row.Letters.Select(letter => KeyValuePair.Create(letter, row.Plain))).ToFrozenDictionary();
}
