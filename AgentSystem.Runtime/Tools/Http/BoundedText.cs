using System.Text;
using AgentSystem.Runtime.Tools.Calls;

namespace AgentSystem.Runtime.Tools.Http;

/// <summary>Reads the text of an answer and no more of it than is wanted, however long it is.</summary>
internal static class BoundedText
{
    private static readonly string[] Texts = ["json", "xml", "javascript", "yaml", "x-www-form-urlencoded", "csv", "graphql"];

    /// <summary>The text, cut after <paramref name="most"/> characters, which is said; null where it is none.</summary>
    public static async Task<string?> ReadAsync(HttpContent content, int most, CancellationToken cancellation)
    {
        if (content.Headers.ContentType?.MediaType is { } type && !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !Array.Exists(Texts, word => type.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            return content.Headers.ContentLength == 0 ? "" : null;
        }

        using var reader = new StreamReader(await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), Charset(content), detectEncodingFromByteOrderMarks: true);
        var text = new char[most + 1];
        var count = await reader.ReadBlockAsync(text.AsMemory(), cancellation).ConfigureAwait(false);
        // No store keeps U+0000.
        return ToolWords.Cut(new string(text, 0, count).Replace("\0", "", StringComparison.Ordinal), most);
    }

    /// <summary>The named one where it is known; otherwise UTF-8, whose broken sequences become U+FFFD.</summary>
    private static Encoding Charset(HttpContent content)
    {
        try
        {
            return content.Headers.ContentType?.CharSet is { Length: > 0 } name ? Encoding.GetEncoding(name.Trim('"')) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
