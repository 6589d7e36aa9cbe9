namespace AgentSystem.Runtime.Memory;

/// <summary>Finds statements by their vectors. It proposes; the store reads the rows again in their scope, so isolation never rests on an index.</summary>
internal interface IMemoryIndex
{
    /// <summary>Makes a stored statement findable; adding an id again replaces its vector.</summary>
    Task AddAsync(MemoryScope scope, string id, ReadOnlyMemory<float> vector, CancellationToken cancellation);

    /// <summary>The statements of a scope nearest to <paramref name="query"/> by cosine, nearest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<NearMemory>> NearestAsync(MemoryScope scope, ReadOnlyMemory<float> query, int limit, CancellationToken cancellation);
}

/// <summary>A statement an index proposes.</summary>
/// <param name="Id">The memory's id.</param>
/// <param name="Cosine">Similarity of its vector to the query's, -1 to 1.</param>
internal readonly record struct NearMemory(string Id, float Cosine);
