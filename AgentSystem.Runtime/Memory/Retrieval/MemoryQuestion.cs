using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>What is asked of a scope's memory.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Query">See <see cref="MemoryLimits.Problem"/>.</param>
/// <param name="Limit">Most hits.</param>
public sealed record MemoryQuestion(MemoryScope Scope, string Query, int Limit)
{
    /// <summary>Null: chosen by the query.</summary>
    public IReadOnlyList<MemorySearchStrategy>? Strategies { get; init; }

    public DateTimeOffset? AsOf { get; init; }

    public DateTimeOffset? KnownAt { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Null: all but working.</summary>
    public IReadOnlyList<MemoryKind>? Kinds { get; init; }

    /// <summary>Its working memories are searched too.</summary>
    public string? ThreadId { get; init; }
}

/// <summary>A memory that may be a hit.</summary>
internal sealed record FoundMemory(string Id, string Text, MemoryKind Kind, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo, DateTimeOffset At);

/// <summary>The rows a search looks at: always within the question's scope, kinds and times.</summary>
internal interface IMemoryFinder
{
    /// <summary>Those of some ids.</summary>
    Task<IReadOnlyList<FoundMemory>> ByIdsAsync(MemoryQuestion question, IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>Those that hold a word of the query, the likeliest first.</summary>
    Task<IReadOnlyList<FoundMemory>> ByWordsAsync(MemoryQuestion question, IReadOnlyList<string> wanted, int most, CancellationToken cancellation);

    /// <summary>The newest by what they say of their time.</summary>
    Task<IReadOnlyList<FoundMemory>> NewestAsync(MemoryQuestion question, int most, CancellationToken cancellation);

    /// <summary>Which of some folded names are things of the scope.</summary>
    Task<IReadOnlyList<string>> KnownAsync(MemoryScope scope, IReadOnlyCollection<string> folded, CancellationToken cancellation);

    /// <summary>The things some memories name.</summary>
    Task<IReadOnlyList<Graph.Mention>> NamedByAsync(MemoryScope scope, IReadOnlyCollection<string> memories, CancellationToken cancellation);

    /// <summary>Memories around some things, in bounded number, with everything they name.</summary>
    Task<(IReadOnlyList<FoundMemory> Memories, IReadOnlyList<Graph.Mention> Mentions)> AroundAsync(MemoryQuestion question, IReadOnlyCollection<string> things, int hops, CancellationToken cancellation);
}
