using System.Security.Cryptography;
using AgentSystem.Contracts.Documents;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Documents;

/// <summary>Takes documents in: decides what they are, finds their text, cuts it into pieces and keeps it. The bytes themselves are not kept.</summary>
public sealed class DocumentIntake
{
    /// <summary>Longest title, in characters.</summary>
    public const int MaxTitle = 200;

    /// <summary>Most pieces of one document: only a text of nothing but headings comes near.</summary>
    private const int MaxChunks = 20_000;

    private readonly IDocumentStore store;
    private readonly DocumentReading reading;
    private readonly IOptions<DocumentsOptions> options;
    private readonly TimeProvider time;

    internal DocumentIntake(IDocumentStore store, DocumentReading reading, IOptions<DocumentsOptions> options, TimeProvider time) =>
        (this.store, this.reading, this.options, this.time) = (store, reading, options, time);

    /// <summary>Keeps a document, or says why not. The same bytes in the same place give the document that is there.</summary>
    public async Task<AddedDocument> AddAsync(DocumentUpload upload, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(upload);
        var title = (string.IsNullOrWhiteSpace(upload.Title) ? upload.FileName ?? "" : upload.Title).Trim();
        if (TitleProblem(title) is { } wrong)
        {
            return Refused(wrong);
        }

        if (upload.Content.IsEmpty)
        {
            return Refused(DocumentRefusal.Empty);
        }

        var sha256 = Convert.ToHexStringLower(SHA256.HashData(upload.Content.Span));
        if (await store.FindSameAsync(upload.Tenant, upload.Agent, sha256, cancellation) is { } known)
        {
            return new AddedDocument(known, false, null);
        }

        var (mediaType, refusal) = MediaTypes.Decide(upload.Content.Span, upload.FileName, upload.MediaType);
        if (mediaType is null)
        {
            return Refused(refusal!);
        }

        var extraction = await reading.ReadAsync(mediaType, upload.Content, cancellation);
        return extraction is Extraction.Text text
            ? await KeepAsync(upload, title, mediaType, sha256, text, cancellation)
            : Refused(((Extraction.Refused)extraction).Refusal);
    }

    private async Task<AddedDocument> KeepAsync(DocumentUpload upload, string title, string mediaType, string sha256, Extraction.Text text, CancellationToken cancellation)
    {
        var chunks = Chunker.Cut(text.Blocks, cancellation);
        var characters = chunks.Sum(chunk => chunk.Text.Length);
        if (chunks.Count == 0)
        {
            return Refused(DocumentRefusal.Empty);
        }

        if (chunks.Count > MaxChunks)
        {
            return Refused(DocumentRefusal.TooManyCharacters(options.Value.MaxCharacters));
        }

        var now = InMicroseconds(time.GetUtcNow());
        var view = new DocumentView(
            $"doc_{Guid.CreateVersion7(now):N}", title, upload.Agent, mediaType, upload.Content.Length, characters, chunks.Count, text.Pages, sha256, upload.CreatedBy, now);
        var numbered = chunks.Select((chunk, i) => new DocumentChunk(i + 1, chunk.Heading, chunk.Page, chunk.Text));
        return await store.AddAsync(upload.Tenant, new NewDocument(view, [.. numbered]), options.Value, cancellation);
    }

    private static DocumentRefusal? TitleProblem(string title) => title switch
    {
        "" => new DocumentRefusal(400, "invalid_value", "A \"title\" is missing; give one, or send a file with a name.", "title"),
        { Length: > MaxTitle } => new DocumentRefusal(400, "invalid_value", $"\"title\" must have at most {MaxTitle} characters.", "title"),
        _ when TextLines.Clean(title) != title => new DocumentRefusal(400, "invalid_value", "\"title\" must be one line without control characters and without two blanks in a row.", "title"),
        _ => null,
    };

    /// <summary>As fine as the store keeps it, so that the first answer and the later ones say the same.</summary>
    private static DateTimeOffset InMicroseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    private static AddedDocument Refused(DocumentRefusal refusal) => new(null, false, refusal);
}

/// <summary>A document as it comes in.</summary>
/// <param name="Agent">The only agent that may search it; null: all agents of the tenant. The caller has checked that it is there.</param>
/// <param name="Title">Null or empty: the file's name.</param>
/// <param name="FileName">As the sender called it; a name, never a path to anything here.</param>
/// <param name="MediaType">As the sender called it.</param>
/// <param name="Content">All bytes.</param>
/// <param name="CreatedBy">Name of the key.</param>
public sealed record DocumentUpload(string Tenant, string? Agent, string? Title, string? FileName, string? MediaType, ReadOnlyMemory<byte> Content, string CreatedBy);
