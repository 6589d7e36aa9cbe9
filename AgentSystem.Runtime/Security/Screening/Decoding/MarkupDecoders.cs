using System.Net;
using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>What mark-up and escapes hide: HTML comments and entities, percent signs, <c>\u0069</c>, and bytes in characters that nobody sees.</summary>
internal static class MarkupDecoders
{
    private const string CommentStart = "<!--", CommentEnd = "-->";
    private const int ShortestHidden = 4;

    /// <summary>Everything of a text that these hide.</summary>
    public static IEnumerable<Decoded> Find(string text)
    {
        if (text.Contains('&', StringComparison.Ordinal) && WebUtility.HtmlDecode(text) is var html && html.Length < text.Length)
        {
            yield return new Decoded("html", html);
        }

        if (Comments(text) is { Length: >= ShortestHidden } comments)
        {
            yield return new Decoded("comment", comments);
        }

        if (text.AsSpan().Count('%') >= 3 && WebUtility.UrlDecode(text) is var url && url.Length + 6 <= text.Length)
        {
            yield return new Decoded("url", url);
        }

        if (text.AsSpan().Count('\\') >= 3 && Escapes(text) is { } escapes)
        {
            yield return new Decoded("escapes", escapes);
        }
    }

    /// <summary>Texts in tag characters and in runs of variation selectors; flags and single selectors are neither.</summary>
    public static IEnumerable<Decoded> Unseen(string text)
    {
        var (tags, bytes) = (new StringBuilder(), new List<byte>());
        var variations = new StringBuilder();
        for (int i = 0, length; i < text.Length; i += length)
        {
            var code = Folding.Unseen.At(text, i, out length);
            if (code == Folding.Unseen.BlackFlag)
            {
                // The six tags of a flag are no message.
                var start = tags.Length;
                while (i + length < text.Length && tags.Length - start <= 6 && Folding.Unseen.IsTag(Folding.Unseen.At(text, i + length, out var tag)))
                {
                    length += tag;
                }
            }
            else if (code is >= Folding.Unseen.FirstTag and <= Folding.Unseen.LastTag)
            {
                tags.Append((char)(code - 0xE0000));
            }

            if (Folding.Unseen.IsVariation(code))
            {
                bytes.Add(Folding.Unseen.VariationByte(code));
                continue;
            }

            Flush(bytes, variations);
        }

        Flush(bytes, variations);
        if (tags.Length >= ShortestHidden)
        {
            yield return new Decoded("tags", tags.ToString());
        }

        if (variations.Length >= ShortestHidden)
        {
            yield return new Decoded("variation", variations.ToString());
        }
    }

    private static void Flush(List<byte> bytes, StringBuilder found)
    {
        if (bytes.Count >= ShortestHidden)
        {
            found.Append(Encoding.UTF8.GetString([.. bytes]));
        }

        bytes.Clear();
    }

    private static string? Comments(string text)
    {
        StringBuilder? found = null;
        for (var i = 0; text.IndexOf(CommentStart, i, StringComparison.Ordinal) is >= 0 and var start;)
        {
            var from = start + CommentStart.Length;
            var end = text.IndexOf(CommentEnd, from, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end;
            (found ??= new StringBuilder()).Append(text, from, end - from).Append('\n');
            i = end;
        }

        return found?.ToString();
    }

    private static string? Escapes(string text)
    {
        var plain = new StringBuilder(text.Length);
        var found = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digits = text[i] != '\\' || i + 1 >= text.Length ? 0 : text[i + 1] switch { 'u' => 4, 'x' => 2, _ => 0 };
            if (digits > 0 && i + 2 + digits <= text.Length && int.TryParse(text.AsSpan(i + 2, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
            {
                plain.Append((char)code);
                found++;
                i += 1 + digits;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return found >= 3 && KnownWords.IsLikelyText(plain.ToString()) ? plain.ToString() : null;
    }
}
