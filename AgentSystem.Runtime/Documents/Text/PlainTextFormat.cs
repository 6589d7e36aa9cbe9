namespace AgentSystem.Runtime.Documents.Text;

/// <summary>Plain text: paragraphs end at empty lines; lines that were only wrapped are joined.</summary>
internal sealed class PlainTextFormat : IDocumentFormat
{
    public string MediaType => MediaTypes.Plain;

    public Extraction Extract(ReadOnlyMemory<byte> content, DocumentsOptions limits, CancellationToken stop)
    {
        if (TextDecoder.Decode(content.Span) is not { } text)
        {
            return new Extraction.Refused(TextDecoder.Refusal);
        }

        var blocks = new List<TextBlock>();
        var paragraph = new List<string>();
        foreach (var raw in TextLines.Split(text))
        {
            stop.ThrowIfCancellationRequested();
            var line = TextLines.Clean(raw);
            if (line.Length > 0)
            {
                paragraph.Add(line);
                continue;
            }

            Finish(paragraph, blocks);
        }

        Finish(paragraph, blocks);
        return new Extraction.Text(blocks);
    }

    private static void Finish(List<string> paragraph, List<TextBlock> blocks)
    {
        if (paragraph.Count > 0)
        {
            blocks.Add(new TextBlock(0, TextLines.Unwrap(paragraph)));
            paragraph.Clear();
        }
    }
}
