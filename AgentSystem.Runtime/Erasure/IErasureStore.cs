using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Erasure;

/// <summary>Where erasing is done, and where its receipts are kept.</summary>
internal interface IErasureStore
{
    /// <summary>Erases in one transaction, which also keeps the receipt that <paramref name="receipt"/> makes of what was erased.</summary>
    /// <param name="erasure">What is asked.</param>
    /// <param name="receipt">Called once everything is gone and nothing is committed; what it throws undoes everything.</param>
    /// <param name="cancellation">Ends it; then nothing was erased.</param>
    Task<ErasureReceipt> EraseAsync(Erasure erasure, Func<IReadOnlyList<ErasedPlace>, Task<ErasureReceipt>> receipt, CancellationToken cancellation);

    /// <summary>A receipt; null when there is none.</summary>
    Task<ErasureReceipt?> FindAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>Receipts, the newest first.</summary>
    Task<IReadOnlyList<ErasureReceipt>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellation);

    /// <summary>Subjects that were erased since the last look, and from where to look next.</summary>
    Task<(IReadOnlyList<(string Tenant, string Subject)> Erased, ulong Seen)> SinceAsync(ulong seen, CancellationToken cancellation);
}

/// <summary>An erasure.</summary>
/// <param name="Id">The receipt's.</param>
/// <param name="User">As runs name it.</param>
/// <param name="Subject">What stands for the user in the receipt.</param>
/// <param name="ThreadsToo">Whether the user's threads go.</param>
internal sealed record Erasure(string Tenant, string Id, string User, string Subject, bool ThreadsToo)
{
    /// <summary>What takes the user's place in rows that stay for their figures.</summary>
    public string Pseudonym => $"user:erased-{Id}";
}
