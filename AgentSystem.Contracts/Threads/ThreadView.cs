namespace AgentSystem.Contracts.Threads;

/// <summary>A conversation: <c>GET /api/v1/threads/{id}</c>.</summary>
/// <param name="Id">What <c>metadata.thread_id</c> names.</param>
/// <param name="Agent">The agent it is held with; null: whichever the next call names.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Title">Given, or the beginning of its first question.</param>
/// <param name="Metadata">At most 16 pairs, keys to 64 and values to 512 characters.</param>
/// <param name="Messages">How many messages it has.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="UpdatedAt">When its last message came.</param>
/// <param name="Snippet">In a search: the place where the words stand, the words themselves between U+0002 and U+0003.</param>
public sealed record ThreadView(
    string Id,
    string? Agent,
    string User,
    string? Title,
    IReadOnlyDictionary<string, string> Metadata,
    int Messages,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Snippet = null);

/// <summary>Body of <c>POST /api/v1/threads</c>.</summary>
/// <param name="Agent">Absent: any.</param>
/// <param name="User">Absent: the key itself.</param>
/// <param name="Title">At most 200 characters.</param>
public sealed record CreateThread(string? Agent = null, string? User = null, string? Title = null, IReadOnlyDictionary<string, string>? Metadata = null);

/// <summary>Body of <c>PATCH /api/v1/threads/{id}</c>; absent members stay.</summary>
public sealed record UpdateThread(string? Title = null, IReadOnlyDictionary<string, string>? Metadata = null);
