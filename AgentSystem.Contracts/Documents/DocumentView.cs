namespace AgentSystem.Contracts.Documents;

/// <summary>A document that agents can search: <c>GET /api/v1/documents/{id}</c>.</summary>
/// <param name="Title">Given, or the file's name.</param>
/// <param name="Agent">The only agent that may search it; null: all agents of the tenant.</param>
/// <param name="MediaType"><c>text/plain</c>, <c>text/markdown</c>, <c>text/html</c> or <c>application/pdf</c>.</param>
/// <param name="Bytes">Size as uploaded.</param>
/// <param name="Characters">Length of the text that was found in it.</param>
/// <param name="Chunks">Pieces that are searched and quoted.</param>
/// <param name="Pages">For a PDF.</param>
/// <param name="Sha256">Of the uploaded bytes, in hex: the same document twice in the same place is one.</param>
/// <param name="CreatedBy">Name of the key that uploaded it.</param>
public sealed record DocumentView(
    string Id,
    string Title,
    string? Agent,
    string MediaType,
    long Bytes,
    int Characters,
    int Chunks,
    int? Pages,
    string Sha256,
    string CreatedBy,
    DateTimeOffset CreatedAt);

/// <summary>JSON body of <c>POST /api/v1/documents</c>; files go as <c>multipart/form-data</c> with <c>file</c>, <c>title</c> and <c>agent</c>.</summary>
/// <param name="Text">The text itself.</param>
/// <param name="MediaType">Absent: <c>text/plain</c>.</param>
public sealed record CreateDocument(string Title, string Text, string? Agent = null, string? MediaType = null);

/// <summary>The text of a document as it is searched: <c>GET /api/v1/documents/{id}/text</c>.</summary>
public sealed record DocumentText(string Id, string Title, IReadOnlyList<DocumentChunk> Chunks);

/// <summary>A piece of a document.</summary>
/// <param name="Index">Starts at 1.</param>
/// <param name="Heading">The heading it stands under, if any.</param>
/// <param name="Page">For a PDF: the page it begins on.</param>
public sealed record DocumentChunk(int Index, string? Heading, int? Page, string Text);

/// <summary>Body of <c>POST /api/v1/documents/search</c>.</summary>
/// <param name="Query">Words, <c>"phrases"</c>, <c>-excluded</c>, <c>or</c>; 1 to 1,000 characters.</param>
/// <param name="Agent">What this agent may see; absent: documents of the whole tenant without an agent of their own.</param>
/// <param name="Limit">1 to 50.</param>
public sealed record SearchDocuments(string Query, string? Agent = null, int Limit = 10);

/// <summary>A place in a document that answers a search, best first.</summary>
/// <param name="Snippet">The sentences that hold the words, quoted to the letter; the words themselves between U+0002 and U+0003.</param>
/// <param name="Score">Above 0; comparable within one search only.</param>
public sealed record DocumentHit(string DocumentId, string Title, int Chunk, string? Heading, int? Page, string Snippet, double Score);
