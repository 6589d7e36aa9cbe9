using System.Text;
using System.Text.RegularExpressions;
using AgentSystem.Runtime.Documents.Text;
using AngleSharp.Html.Parser;

namespace AgentSystem.Runtime.Documents.AngleSharp;

/// <summary>
/// HTML, read as browsers read it, broken or not (AngleSharp follows the WHATWG's parsing algorithm), but without a browser: no script runs, no style is
/// applied, nothing is loaded. What a reader would not see is left out where the element itself says so.
/// </summary>
internal sealed partial class HtmlFormat : IDocumentFormat
{
    /// <summary>More elements than any page for people has; each costs some hundred bytes while it is read.</summary>
    private const int MaxElements = 500_000;

    private const int CharsetWithin = 1_024;

    public string MediaType => MediaTypes.Html;

    public Extraction Extract(ReadOnlyMemory<byte> content, DocumentsOptions limits, CancellationToken stop)
    {
        var elements = 0;
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = false,
            SkipComments = true,
            SkipScriptText = true,
            SkipRawText = true,
            DisableElementPositionTracking = true,
            // The others say how something looks or where it leads; a tag with a million of them costs nothing either.
            ShouldEmitAttribute = static (ref _, name) => name.Span is "hidden" or "style" or "aria-hidden" or "open",
            OnCreated = (_, _) =>
            {
                stop.ThrowIfCancellationRequested();
                if (++elements > MaxElements)
                {
                    throw new OperationCanceledException();
                }
            },
        });
        using var document = parser.ParseDocument(Decode(content.Span));
        return new Extraction.Text(new HtmlText().Read(document, stop));
    }

    /// <summary>UTF-8 where it is valid; otherwise what the page says about itself near its beginning; otherwise windows-1252.</summary>
    private static string Decode(ReadOnlySpan<byte> content)
    {
        if (content is [0xEF, 0xBB, 0xBF, ..] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || System.Text.Unicode.Utf8.IsValid(content))
        {
            return TextDecoder.Decode(content);
        }

        var head = Encoding.Latin1.GetString(content[..Math.Min(content.Length, CharsetWithin)]);
        return Charset().Match(head) is { Success: true } named && CodePagesEncodingProvider.Instance.GetEncoding(named.Groups["name"].Value) is { } encoding
            ? encoding.GetString(content)
            : TextDecoder.Decode(content);
    }

    [GeneratedRegex("""charset\s*=\s*["']?(?<name>[\w-]{1,40})""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
