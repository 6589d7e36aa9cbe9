using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;

namespace AgentSystem.Runtime.Documents.PdfPig;

/// <summary>The text of a PDF, page by page. Pictures are not looked at: a scan without a text layer has no text.</summary>
internal sealed class PdfFormat : IDocumentFormat
{
    private const int MaxStackDepth = 100;

    private static readonly DocumentRefusal Encrypted =
        new(422, "document_encrypted", "The PDF is protected by a password; save it without one (print it to PDF, or remove the protection) and send that.");

    private static readonly DocumentRefusal WithoutText =
        new(422, "document_without_text", "The PDF has no text, only pictures, as scans have; run text recognition (OCR) on it and send the result.");

    private static readonly DocumentRefusal Broken = DocumentRefusal.Unreadable("PDF", "open it in a viewer and save it again");

    public string MediaType => MediaTypes.Pdf;

    public Extraction Extract(ReadOnlyMemory<byte> content, DocumentsOptions limits, CancellationToken stop)
    {
        // Spaces between words are not glyphs, so text may be longer than its glyphs; the final limit is asked again where every format's is.
        var budget = new PdfBudget(limits.MaxCharacters, stop);
        try
        {
            return Read(content, limits, budget);
        }
        catch (PdfDocumentEncryptedException)
        {
            return new Extraction.Refused(Encrypted);
        }
        catch (Exception e) when (budget.Refusal is not null || e is not (OperationCanceledException or OutOfMemoryException))
        {
            // The parser throws many kinds on broken files; which one says nothing to the sender.
            return new Extraction.Refused(budget.Refusal ?? Broken);
        }
    }

    private static Extraction Read(ReadOnlyMemory<byte> content, DocumentsOptions limits, PdfBudget budget)
    {
        using var pdf = PdfDocument.Open(content.ToArray(), new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true, MaxStackDepth = MaxStackDepth, FilterProvider = new PdfFilters(budget) });
        if (pdf.NumberOfPages > limits.MaxPages)
        {
            return new Extraction.Refused(DocumentRefusal.TooManyPages(limits.MaxPages));
        }

        pdf.AddPageFactory<PdfPageText, PdfPageTextFactory>();
        var lines = new List<PdfLine>();
        for (var page = 1; page <= pdf.NumberOfPages; page++)
        {
            budget.Turns();
            lines.AddRange(PdfLayout.Lines(pdf.GetPage<PdfPageText>(page).Glyphs, page));
            budget.Check();
        }

        var blocks = PdfLayout.Blocks(lines);
        return pdf.NumberOfPages == 0 ? new Extraction.Refused(Broken)
            : blocks.Count == 0 ? new Extraction.Refused(WithoutText)
            : new Extraction.Text(blocks, pdf.NumberOfPages);
    }
}
