using AgentSystem.Contracts.Documents;

namespace AgentSystem.Runtime.Documents;

/// <summary>Where documents and their pieces are kept. Nothing is visible outside its tenant, nor to who may not see its agent.</summary>
public interface IDocumentStore
{
    /// <summary>The document with these bytes in the same place; null when there is none.</summary>
    Task<DocumentView?> FindSameAsync(string tenant, string? agent, string sha256, CancellationToken cancellation);

    /// <summary>Keeps a document with all its pieces, or nothing. The same bytes in the same place give the document that is there already.</summary>
    Task<AddedDocument> AddAsync(string tenant, NewDocument document, DocumentsOptions limits, CancellationToken cancellation);

    /// <summary>Documents of a tenant, newest first.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="after">Id of the last one already shown; null for the beginning.</param>
    /// <param name="limit">Most documents.</param>
    Task<IReadOnlyList<DocumentView>> ListAsync(DocumentReader reader, DocumentFilter filter, string? after, int limit, CancellationToken cancellation);

    /// <summary>One document; null when there is none that this reader may see.</summary>
    Task<DocumentView?> FindAsync(DocumentReader reader, string id, CancellationToken cancellation);

    /// <summary>Its text; null when there is none that this reader may see.</summary>
    Task<DocumentText?> TextAsync(DocumentReader reader, string id, CancellationToken cancellation);

    /// <summary>Removes a document and all its pieces; false when there is none that this reader may see.</summary>
    Task<bool> DeleteAsync(DocumentReader reader, string id, CancellationToken cancellation);

    /// <summary>The places that answer a query, best first: pieces that hold all words; when there are none, pieces that hold at least half of them.</summary>
    /// <param name="tenant">Whose documents.</param>
    /// <param name="agent">Its own documents are searched besides those of all agents; null: only the latter.</param>
    /// <param name="query">At most 1,000 characters, without U+0000.</param>
    /// <param name="limit">Most places.</param>
    Task<IReadOnlyList<DocumentHit>> SearchAsync(string tenant, string? agent, string query, int limit, CancellationToken cancellation);
}

/// <summary>Who reads documents.</summary>
/// <param name="Agents">The agents whose documents they may see besides those of all agents; null: every agent's.</param>
public sealed record DocumentReader(string Tenant, IReadOnlyList<string>? Agents);

/// <summary>Which documents of a list.</summary>
/// <param name="Agent">Only those of this agent alone; null: all.</param>
/// <param name="Title">Part of the title, whatever its case and accents; null: all.</param>
public sealed record DocumentFilter(string? Agent, string? Title);

/// <summary>A document about to be kept.</summary>
public sealed record NewDocument(DocumentView View, IReadOnlyList<DocumentChunk> Chunks);

/// <summary>What became of it.</summary>
/// <param name="View">The document kept; null when a limit of the tenant was reached.</param>
/// <param name="IsNew">False when it was there already.</param>
/// <param name="Refusal">Why it was not kept.</param>
public sealed record AddedDocument(DocumentView? View, bool IsNew, DocumentRefusal? Refusal);
