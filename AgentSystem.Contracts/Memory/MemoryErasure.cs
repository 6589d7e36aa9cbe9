namespace AgentSystem.Contracts.Memory;

/// <summary>Body of <c>POST /api/v1/memory/erasures</c>: everything that was said by, to or about a user goes, for good.</summary>
/// <param name="User">As lists show users; <c>key:</c> and an id for a key that is its own user.</param>
/// <param name="Include">What goes too: <see cref="ErasureExtra.Threads"/>.</param>
public sealed record EraseMemory(string User, IReadOnlyList<ErasureExtra>? Include = null);

/// <summary>What an erasure reaches only when it is asked to.</summary>
public enum ErasureExtra
{
    /// <summary>The user's threads with all their messages.</summary>
    Threads,
}

/// <summary>What was erased, when and where; signed. <c>GET /api/v1/memory/erasures/{id}</c> gives it again.</summary>
/// <param name="Subject">A keyed hash of tenant and user: the receipt itself names nobody. The same user has the same hash.</param>
/// <param name="Erased">How many things went, by place.</param>
/// <param name="Kept">What stays and why.</param>
/// <param name="VectorsGoneBy">By then no process holds a vector of the user in its memory any more.</param>
/// <param name="SignedText">The text that is signed: one line for each member above, as docs/memory.md writes it down.</param>
/// <param name="Signature">ECDSA over P-256 with SHA-256 in DER, base64.</param>
/// <param name="KeyId">First 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo).</param>
/// <param name="PublicKey">PEM.</param>
public sealed record ErasureReceipt(
    string Id,
    string Subject,
    DateTimeOffset At,
    string RequestedBy,
    IReadOnlyList<ErasedPlace> Erased,
    IReadOnlyList<string> Kept,
    DateTimeOffset VectorsGoneBy,
    string SignedText,
    string Signature,
    string KeyId,
    string PublicKey);

/// <summary>A place and what went from it.</summary>
/// <param name="Place">Such as <c>memories</c>, <c>vectors</c>, <c>run_journal</c>, <c>answer_cache</c>.</param>
public sealed record ErasedPlace(string Place, long Count);

/// <summary>How fast memories become searchable: <c>GET /api/v1/memory/index</c>.</summary>
/// <param name="Embedding">What makes vectors now.</param>
/// <param name="Vectors">Vectors of that embedding, of this tenant.</param>
/// <param name="Queued">Memories of this tenant whose vector is not made or not indexed yet.</param>
/// <param name="OldestQueuedSeconds">Age of the oldest of them.</param>
/// <param name="LagP50Seconds">From a write to its being searchable by vector, of the last 1,024 of this process; null while there were none.</param>
/// <param name="LagP99Seconds">The same, the longest but the worst 1 in 100.</param>
/// <param name="CachedBytes">What the index of this process holds in memory.</param>
public sealed record MemoryIndexView(string Embedding, long Vectors, long Queued, double OldestQueuedSeconds, double? LagP50Seconds, double? LagP99Seconds, long CachedBytes);
