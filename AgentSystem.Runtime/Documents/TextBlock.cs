namespace AgentSystem.Runtime.Documents;

/// <summary>A heading or a paragraph, in the order of the document.</summary>
/// <param name="Level">1 to 6 for a heading, 0 for text.</param>
/// <param name="Text">Lines are separated by <c>\n</c>; a line is never a mere wrap.</param>
/// <param name="Page">The page it begins on, from 1; null where there are none.</param>
internal sealed record TextBlock(int Level, string Text, int? Page = null);

/// <summary>What became of a file's bytes.</summary>
internal abstract record Extraction
{
    private Extraction()
    {
    }

    /// <param name="Blocks">In the document's order; may be empty.</param>
    /// <param name="Pages">Pages of a format that has them.</param>
    public sealed record Text(IReadOnlyList<TextBlock> Blocks, int? Pages = null) : Extraction;

    public sealed record Refused(DocumentRefusal Refusal) : Extraction;
}

/// <summary>Finds the text in one format. It works on memory only: nothing is fetched, nothing is run.</summary>
internal interface IDocumentFormat
{
    /// <summary>As in <c>DocumentView.MediaType</c>.</summary>
    string MediaType { get; }

    /// <summary>
    /// Reads on the caller's thread. Every expected defect of a file is an <see cref="Extraction.Refused"/>; it stops soon after <paramref name="stop"/> by throwing
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    Extraction Extract(ReadOnlyMemory<byte> content, DocumentsOptions limits, CancellationToken stop);
}
