using System.Text;

namespace AgentSystem.Runtime.Documents;

/// <summary>Which format a file has: its content says whether it is a PDF, text or something else, its name or the sender which kind of text.</summary>
internal static class MediaTypes
{
    public const string Plain = "text/plain";
    public const string Markdown = "text/markdown";
    public const string Html = "text/html";
    public const string Pdf = "application/pdf";

    /// <summary>A PDF may have other bytes before its header (ISO 32000-1, annex H.3.4.1).</summary>
    private const int PdfHeaderWithin = 1_024;

    private const int LookedAt = 4_096;

    private static readonly (byte[] Start, string What, string Cure)[] Others =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP archive (Word, Excel, PowerPoint and OpenDocument files are such archives)", "save it as PDF, HTML, Markdown or plain text"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Office file", "save it as PDF, HTML, Markdown or plain text"),
        ("{\\rtf"u8.ToArray(), "an RTF file", "save it as PDF or plain text"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG image", "run text recognition and send the text"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image", "run text recognition and send the text"),
        ("GIF8"u8.ToArray(), "a GIF image", "run text recognition and send the text"),
        ([0x1F, 0x8B], "a gzip archive", "unpack it first"),
        ("%!PS"u8.ToArray(), "a PostScript file", "save it as PDF"),
    ];

    public static bool IsKnown(string mediaType) => mediaType is Plain or Markdown or Html or Pdf;

    /// <summary>The media type, or why there is none.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="fileName">Its name, if it has one.</param>
    /// <param name="declared">What the sender calls it; it counts where the name says nothing.</param>
    public static (string? MediaType, DocumentRefusal? Refusal) Decide(ReadOnlySpan<byte> content, string? fileName, string? declared)
    {
        var named = ByName(fileName) ?? (declared is not null && IsKnown(declared) ? declared : null);
        var isPdf = content[..Math.Min(content.Length, PdfHeaderWithin)].IndexOf("%PDF-"u8) >= 0;
        if (isPdf)
        {
            return named is null or Pdf ? (Pdf, null) : (null, Mismatch(fileName, named, "a PDF", "name it .pdf"));
        }

        foreach (var (start, what, cure) in Others)
        {
            if (content.StartsWith(start))
            {
                return (null, named is null ? NotSupported($"The file is {what}; {cure}.") : Mismatch(fileName, named, what, cure));
            }
        }

        if (named == Pdf)
        {
            return (null, Mismatch(fileName, Pdf, "none: it lacks the header %PDF-", "open it in a viewer and save it again, or name it after what it is"));
        }

        if (LooksBinary(content))
        {
            return (null, NotSupported("The file is neither text nor a PDF; send plain text, Markdown, HTML or PDF."));
        }

        return (named ?? (LooksLikeHtml(content) ? Html : Plain), null);
    }

    private static string? ByName(string? fileName) => Path.GetExtension(fileName)?.ToLowerInvariant() switch
    {
        ".txt" or ".text" or ".log" or ".csv" => Plain,
        ".md" or ".markdown" => Markdown,
        ".html" or ".htm" or ".xhtml" => Html,
        ".pdf" => Pdf,
        _ => null,
    };

    /// <summary>NUL never stands in text, except in UTF-16, which says so with its first two bytes.</summary>
    private static bool LooksBinary(ReadOnlySpan<byte> content) => !StartsAsUtf16(content) && content[..Math.Min(content.Length, LookedAt)].Contains((byte)0);

    private static bool StartsAsUtf16(ReadOnlySpan<byte> content) => content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];

    private static bool LooksLikeHtml(ReadOnlySpan<byte> content)
    {
        var head = Encoding.Latin1.GetString(content[..Math.Min(content.Length, LookedAt)]).AsSpan().TrimStart("\u00EF\u00BB\u00BF \t\r\n");
        return head.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || head.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    private static DocumentRefusal NotSupported(string message) => new(415, "media_type_not_supported", message);

    private static DocumentRefusal Mismatch(string? fileName, string named, string found, string cure) =>
        new(422, "media_type_mismatch", $"{(string.IsNullOrEmpty(fileName) ? "The file" : $"\"{fileName}\"")} is called {named}, but its content is {found}; {cure}.");
}
