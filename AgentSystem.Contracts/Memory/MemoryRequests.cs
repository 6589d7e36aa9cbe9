using System.Text.Json;

namespace AgentSystem.Contracts.Memory;

/// <summary>Body of <c>POST /api/v1/memory</c>.</summary>
/// <param name="Agent">Whose memory: an agent this key may call.</param>
/// <param name="Kind">See <see cref="MemoryKind"/>.</param>
/// <param name="Text">One statement, 1 to 4,000 characters.</param>
/// <param name="User">About and for whom; absent: the key itself.</param>
/// <param name="ThreadId">Required for working memory.</param>
/// <param name="ValidFrom">Absent: now.</param>
/// <param name="ValidTo">After <paramref name="ValidFrom"/>; absent: it is still so.</param>
/// <param name="Entities">Things it names, beside those that are found in its text: names, or objects with name and type. At most 20.</param>
/// <param name="Relations">At most 20.</param>
/// <param name="Metadata">An object of at most 16 KB.</param>
/// <param name="Source">Where it came from, for whoever reads it later.</param>
/// <param name="ExpiresAt">When it is forgotten by itself. Absent: working memory after <c>Memory:WorkingHours</c>, others by their retention.</param>
public sealed record CreateMemory(
    string Agent,
    MemoryKind Kind,
    string Text,
    string? User = null,
    string? ThreadId = null,
    DateTimeOffset? ValidFrom = null,
    DateTimeOffset? ValidTo = null,
    IReadOnlyList<GivenEntity>? Entities = null,
    IReadOnlyList<MemoryRelation>? Relations = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null,
    GivenSource? Source = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>What a caller says of a memory's origin.</summary>
public sealed record GivenSource(string? RunId = null, int? Turn = null, string? Tool = null);

/// <summary>Answer to <c>POST /api/v1/memory</c>.</summary>
/// <param name="Id">The same text of the same kind again has its first id.</param>
/// <param name="StoredIn">Where it is, see <see cref="MemoryView"/>.</param>
/// <param name="Superseded">Ids of memories whose interval this one ended, because it says something else of the same subject.</param>
public sealed record MemoryStored(string Id, IReadOnlyList<string> StoredIn, long Version, IReadOnlyList<string> Superseded);

/// <summary>Body of <c>PATCH /api/v1/memory/{id}</c>. What is absent stays as it is.</summary>
/// <param name="Strategy">Absent: <see cref="MemoryStrategy.Replace"/>.</param>
/// <param name="Text">With <see cref="MemoryStrategy.Append"/> it goes to the end, after a blank.</param>
/// <param name="ValidTo">Ends its interval.</param>
/// <param name="Reopen">True: its interval has no end again.</param>
public sealed record ChangeMemory(
    MemoryStrategy? Strategy = null,
    string? Text = null,
    DateTimeOffset? ValidFrom = null,
    DateTimeOffset? ValidTo = null,
    bool Reopen = false,
    IReadOnlyList<GivenEntity>? Entities = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null);

/// <summary>How a change meets what is there, as for <c>/state</c>.</summary>
public enum MemoryStrategy
{
    /// <summary>It takes the place of what was there.</summary>
    Replace,

    /// <summary>Members of the metadata go into those that are there, entities join them. A text cannot be merged.</summary>
    Merge,

    /// <summary>The text goes to the end of the text, items of lists in the metadata to the end of the lists there.</summary>
    Append,
}

/// <summary>A way to find memories.</summary>
public enum MemorySearchStrategy
{
    /// <summary>By nearness of vectors: episodic and semantic memories.</summary>
    Semantic,

    /// <summary>By words.</summary>
    Lexical,

    /// <summary>From the things the query and near memories name to what else names them, two steps at most.</summary>
    Graph,

    /// <summary>By time: the window the query speaks of, else the newest.</summary>
    Temporal,
}

/// <summary>Body of <c>POST /api/v1/memory/search</c>.</summary>
/// <param name="Query">1 to 4,000 characters.</param>
/// <param name="User">Absent: the key itself.</param>
/// <param name="Strategies">Absent: chosen by the query.</param>
/// <param name="AsOf">What was so at that moment, closed memories included. Absent: what is so now.</param>
/// <param name="KnownAt">With what was recorded by that moment only.</param>
/// <param name="From">Only what was so, or happened, at or after it.</param>
/// <param name="To">Only what was so, or happened, before it.</param>
/// <param name="Limit">1 to 50.</param>
/// <param name="Kinds">Absent: all but working.</param>
/// <param name="ThreadId">Working memories of this thread are searched too.</param>
public sealed record SearchMemory(
    string Agent,
    string Query,
    string? User = null,
    IReadOnlyList<MemorySearchStrategy>? Strategies = null,
    DateTimeOffset? AsOf = null,
    DateTimeOffset? KnownAt = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    int Limit = 10,
    IReadOnlyList<MemoryKind>? Kinds = null,
    string? ThreadId = null);

/// <summary>A memory that was found.</summary>
/// <param name="Score">Sum over the strategies of 1 / (60 + rank), scaled so that first place with each of them is 1.</param>
/// <param name="Strategies">Those that found it.</param>
/// <param name="Why">One sentence for each: words, path through entities, cosine, date.</param>
public sealed record MemoryHit(
    string Id, string Text, double Score, IReadOnlyList<MemorySearchStrategy> Strategies, IReadOnlyList<string> Why, MemoryKind Kind, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo);

/// <summary>Answer to a search, best first.</summary>
/// <param name="Strategies">Those that were used.</param>
/// <param name="Window">The time the query speaks of, where one was read in it.</param>
/// <param name="Degraded">Strategies that could not be used, each with its reason.</param>
public sealed record MemoryFound(
    IReadOnlyList<MemoryHit> Data, string? NextCursor, IReadOnlyList<MemorySearchStrategy> Strategies, MemoryWindow? Window, IReadOnlyList<string> Degraded);

/// <summary>A span of time.</summary>
/// <param name="Words">What was read for it.</param>
public sealed record MemoryWindow(DateTimeOffset From, DateTimeOffset To, string Words);
