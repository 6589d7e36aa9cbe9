namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>An entry's hash, and where it stands.</summary>
internal sealed record AuditLeaf(string Stream, long Sequence, byte[] Hash);

/// <summary>A link of a chain, as far as somebody may see it.</summary>
/// <param name="Stream">The chain.</param>
/// <param name="Sequence">The place in it.</param>
/// <param name="Previous">Null where the entry itself is gone, and only its leaf is there.</param>
/// <param name="Hash">Null where the entry itself is gone.</param>
/// <param name="Tenant">Whose it is; null where it is another's.</param>
/// <param name="Body">What it says; null where it is another's.</param>
/// <param name="Place">Its leaf in the tree; null before it is signed.</param>
/// <param name="Leaf">The hash its leaf was made of.</param>
internal sealed record AuditLink(string Stream, long Sequence, byte[]? Previous, byte[]? Hash, string? Tenant, string? Body, long? Place, byte[]? Leaf);

/// <summary>What is added to the tree at once.</summary>
internal sealed record AuditGrowth(IReadOnlyList<AuditLeaf> Leaves, IReadOnlyList<(MerkleNode Node, byte[] Hash)> Nodes, AuditRoot Root);

/// <summary>Where the tree over all entries is kept. Hashes are no tenant's; what an entry says is shown to its tenant only.</summary>
internal interface IAuditTree
{
    /// <summary>Adds what is not in the tree yet, at most <paramref name="most"/> leaves, unless another process is doing so right now; null when there was nothing to do.</summary>
    /// <param name="grow">Makes the nodes and the root, from the edge of the tree and the new leaves.</param>
    /// <param name="most">Most leaves at once.</param>
    /// <param name="cancellation">Ends it; nothing is added then.</param>
    Task<AuditRoot?> GrowAsync(Func<MerkleEdge, IReadOnlyList<AuditLeaf>, AuditGrowth> grow, int most, CancellationToken cancellation);

    /// <summary>Roots over more entries than <paramref name="behind"/>, the smallest first.</summary>
    Task<IReadOnlyList<AuditRoot>> RootsAsync(long behind, int limit, CancellationToken cancellation);

    /// <summary>Roots over fewer entries than <paramref name="before"/>, the largest first.</summary>
    Task<IReadOnlyList<AuditRoot>> NewestRootsAsync(long before, int limit, CancellationToken cancellation);

    /// <summary>Hashes of subtrees; those that are not there are missing.</summary>
    Task<IReadOnlyDictionary<MerkleNode, byte[]>> NodesAsync(IReadOnlyCollection<MerkleNode> nodes, CancellationToken cancellation);

    /// <summary>The leaf of an entry; null before it is signed.</summary>
    Task<long?> PlaceAsync(string stream, long sequence, CancellationToken cancellation);

    /// <summary>Every chain, link by link, with what <paramref name="tenant"/> may see of it; null: everything, for the process's own verification.</summary>
    IAsyncEnumerable<AuditLink> ChainsAsync(string? tenant, CancellationToken cancellation);
}
