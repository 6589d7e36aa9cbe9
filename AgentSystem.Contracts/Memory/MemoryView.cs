using System.Text.Json;

namespace AgentSystem.Contracts.Memory;

/// <summary>What a memory is, which decides where it is kept and for how long.</summary>
public enum MemoryKind
{
    /// <summary>Something that happened, at its <c>valid_from</c>. Embedded.</summary>
    Episodic,

    /// <summary>Something that is so, until something else is. Embedded.</summary>
    Semantic,

    /// <summary>How something is done. Found by its words and the things it names; not embedded.</summary>
    Procedural,

    /// <summary>Notes of one thread, forgotten soon. Found by their words and the things they name; not embedded.</summary>
    Working,
}

/// <summary>Who says so. What is derived never closes what somebody said.</summary>
public enum MemoryTrust
{
    /// <summary>Kept through the API.</summary>
    Stated,

    /// <summary>Kept by an agent's tool during a conversation.</summary>
    Agent,

    /// <summary>Made from other memories.</summary>
    Derived,
}

/// <summary>A memory: <c>GET /api/v1/memory/{id}</c>.</summary>
/// <param name="User">Whose; <c>key:</c> and an id where a key is its own user.</param>
/// <param name="ThreadId">The thread a working memory belongs to, or the one another came from.</param>
/// <param name="Text">Empty once it is forgotten.</param>
/// <param name="ValidFrom">Since when it is so, or when it happened.</param>
/// <param name="ValidTo">Until when it was so, exclusively; null: it is so.</param>
/// <param name="RecordedAt">When this version of it was written.</param>
/// <param name="SupersededBy">The memory that contradicted it and ended its interval.</param>
/// <param name="ExpiresAt">When it is forgotten by itself; null: by its kind's retention only.</param>
/// <param name="Forgotten">True for what is left of a memory that was deleted: its id and its times.</param>
/// <param name="Version">Grows by one with every change; also the answer's <c>ETag</c>.</param>
/// <param name="StoredIn">Where it is: <c>rows</c>, <c>graph</c> (it names things), <c>lexical</c>, <c>vectors</c> (embedded and searched), or <c>vectors:queued</c> (it will be).</param>
/// <param name="Entities">The things it names.</param>
/// <param name="Relations">What it says of two of them, where that was given.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="History">Earlier versions, the newest first.</param>
public sealed record MemoryView(
    string Id,
    string Agent,
    string User,
    string? ThreadId,
    MemoryKind Kind,
    string Text,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    DateTimeOffset RecordedAt,
    string? SupersededBy,
    DateTimeOffset? ExpiresAt,
    bool Forgotten,
    MemoryTrust Trust,
    long Version,
    IReadOnlyList<string> StoredIn,
    IReadOnlyList<MemoryEntity> Entities,
    IReadOnlyList<MemoryRelation> Relations,
    MemorySource Source,
    IReadOnlyDictionary<string, JsonElement> Metadata,
    IReadOnlyList<MemoryVersion> History);

/// <summary>Where a memory came from.</summary>
/// <param name="Key">Id of the key that kept it; null for what an agent's tool kept.</param>
/// <param name="RunId">The run in which it was kept.</param>
/// <param name="Turn">The message of the thread, counted from 1.</param>
/// <param name="Tool">The tool that kept it.</param>
public sealed record MemorySource(string? Key = null, string? RunId = null, int? Turn = null, string? Tool = null);

/// <summary>An earlier version of a memory.</summary>
/// <param name="RecordedTo">When the next version was written.</param>
public sealed record MemoryVersion(long Version, string Text, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo, DateTimeOffset RecordedAt, DateTimeOffset RecordedTo);

/// <summary>A thing a memory names.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Type"><c>name</c>, <c>date</c>, <c>number</c>, <c>address</c> (mail or web), <c>person</c> (a relative, such as "my sister") or a word of one's own.</param>
public sealed record MemoryEntity(string Name, string Type = "name");

/// <summary>What a memory says of two things it names.</summary>
/// <param name="From">Name of one entity.</param>
/// <param name="Relation">1 to 100 characters, such as <c>works_at</c>.</param>
/// <param name="To">Name of the other.</param>
public sealed record MemoryRelation(string From, string Relation, string To);

/// <summary>Things and what connects them: <c>GET /api/v1/memory/graph</c>.</summary>
public sealed record MemoryGraph(IReadOnlyList<MemoryNode> Nodes, IReadOnlyList<MemoryLink> Links);

/// <summary>A thing.</summary>
/// <param name="Id">Its folded name: what two writings of it share.</param>
/// <param name="Memories">How many name it.</param>
public sealed record MemoryNode(string Id, string Name, string Type, int Memories);

/// <summary>What connects two things.</summary>
/// <param name="Relation"><c>with</c> where memories name both; else the relation that was given.</param>
/// <param name="Memories">How many say so.</param>
public sealed record MemoryLink(string From, string Relation, string To, int Memories);
