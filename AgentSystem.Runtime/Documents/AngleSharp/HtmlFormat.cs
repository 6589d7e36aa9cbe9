using System.Text;
using System.Text.RegularExpressions;
using AgentSystem.Runtime.Documents.Text;
using AngleSharp.Dom;
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

    /// <summary>
    /// Deeper than any page for people, and as deep as browsers nest. The parser looks through all open elements at many a tag and copies all open marks
    /// (<c>b</c>, <c>a</c>, ...) into a new paragraph: without a bound its work grows with the square of the page.
    /// </summary>
    private const int MaxDepth = 512;

    private const int CharsetWithin = 1_024;

    private static readonly DocumentRefusal TooComplex = new(
        422, "document_too_complex", $"The page has more than {MaxElements:N0} elements, or more than {MaxDepth} inside one another; save it again as plain text or Markdown, or split it.");

    public string MediaType => MediaTypes.Html;

    public Extraction Extract(ReadOnlyMemory<byte> content, DocumentsOptions limits, CancellationToken stop)
    {
        if (Decode(content.Span) is not { } page)
        {
            return new Extraction.Refused(TextDecoder.Refusal);
        }

        try
        {
            using var document = Parser(stop).ParseDocument(page);
            return new Extraction.Text(new HtmlText().Read(document, stop));
        }
        catch (TooComplexException)
        {
            return new Extraction.Refused(TooComplex);
        }
    }

    private static HtmlParser Parser(CancellationToken stop)
    {
        var elements = 0;
        IElement? before = null;
        return new HtmlParser(new HtmlParserOptions
        {
            IsScripting = false,
            SkipComments = true,
            SkipScriptText = true,
            SkipRawText = true,
            DisableElementPositionTracking = true,
            // One more than is allowed, so that reaching it can be seen.
            MaximumDepth = MaxDepth + 1,
            // The others say how something looks or where it leads; a tag with a million of them costs nothing either.
            ShouldEmitAttribute = static (ref _, name) => name.Span is "hidden" or "style" or "aria-hidden" or "open",
            OnCreated = (element, _) =>
            {
                stop.ThrowIfCancellationRequested();
                // An element is told of before it has its place; the one before has got it meanwhile.
                if (++elements > MaxElements || Depth(before) > MaxDepth)
                {
                    throw new TooComplexException();
                }

                before = element;
            },
        });
    }

    private static int Depth(INode? node)
    {
        var depth = 0;
        for (; node is IElement; node = node.Parent)
        {
            depth++;
        }

        return depth;
    }

    /// <summary>UTF-8 where it is valid; otherwise what the page says about itself near its beginning; null when it says nothing.</summary>
    private static string? Decode(ReadOnlySpan<byte> content)
    {
        if (TextDecoder.Decode(content) is { } text)
        {
            return text;
        }

        var head = Encoding.Latin1.GetString(content[..Math.Min(content.Length, CharsetWithin)]);
        return Charset().Match(head) is { Success: true } named && CodePagesEncodingProvider.Instance.GetEncoding(named.Groups["name"].Value) is { } encoding
            ? encoding.GetString(content)
            : null;
    }

    [GeneratedRegex("""charset\s*=\s*["']?(?<name>[\w-]{1,40})""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();

    /// <summary>Leaves the parser from inside; it never leaves this file.</summary>
    private sealed class TooComplexException : Exception;
}
