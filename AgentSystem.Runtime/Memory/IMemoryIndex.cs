namespace AgentSystem.Runtime.Memory;

/// <summary>Finds memories by their vectors. It proposes; the store reads the rows again in their scope, so isolation never rests on an index.</summary>
internal interface IMemoryIndex
{
    /// <summary>True for an index that holds vectors outside the rows: the index worker brings it each.</summary>
    bool KeepsCopies { get; }

    /// <summary>Tenants and users of whom this process holds something.</summary>
    IReadOnlyCollection<(string Tenant, string User)> Holders { get; }

    /// <summary>What this process holds in memory.</summary>
    long Bytes { get; }

    /// <summary>Makes vectors findable that stand in the rows already. The same again, or an older version, changes nothing.</summary>
    Task ApplyAsync(IReadOnlyList<IndexedVector> vectors, CancellationToken cancellation);

    /// <summary>The memories of a scope nearest to <paramref name="query"/> by cosine, nearest first, at most <paramref name="limit"/>. Only vectors of the same embedding are compared.</summary>
    Task<IReadOnlyList<NearMemory>> NearestAsync(MemoryScope scope, string embedding, ReadOnlyMemory<float> query, int limit, CancellationToken cancellation);

    /// <summary>Lets go of everything it holds of a user; their rows are gone.</summary>
    Task ForgetAsync(string tenant, string user, CancellationToken cancellation);

    /// <summary>Lets go of one memory; its row is gone or empty.</summary>
    Task ForgetAsync(MemoryScope scope, string id, CancellationToken cancellation);
}

/// <summary>A memory an index proposes.</summary>
/// <param name="Id">The memory's id.</param>
/// <param name="Cosine">Similarity of its vector to the query's, -1 to 1.</param>
internal readonly record struct NearMemory(string Id, float Cosine);

/// <summary>A vector for an index.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Id">The memory's id.</param>
/// <param name="Version">The memory's version it was made from.</param>
/// <param name="Embedding">What made it.</param>
/// <param name="Vector">Of length 1.</param>
internal sealed record IndexedVector(MemoryScope Scope, string Id, long Version, string Embedding, ReadOnlyMemory<float> Vector);
