using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Security.Audit;

namespace AgentSystem.Runtime.Erasure;

/// <summary>Erases what was said by, to and about a user, and gives a receipt for it.</summary>
public sealed class ErasureDesk
{
    /// <summary>How long another process may still hold a vector of the user: it looks every two seconds.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromSeconds(10);

    private readonly IErasureStore store;
    private readonly ErasureSigner signer;
    private readonly AnswerCache cache;
    private readonly AuditReader audit;
    private readonly IMemoryIndex index;
    private readonly TimeProvider time;

    internal ErasureDesk(IErasureStore store, ErasureSigner signer, AnswerCache cache, AuditReader audit, IMemoryIndex index, TimeProvider time) =>
        (this.store, this.signer, this.cache, this.audit, this.index, this.time) = (store, signer, cache, audit, index, time);

    /// <summary>Erases a user's memories, things, vectors, runs' texts, responses, recorded answers, state, flagged inputs and names in the ledger and the audit log; threads if asked.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="shown">The user as lists show it.</param>
    /// <param name="requestedBy">Id of the key that asks.</param>
    /// <param name="threadsToo">Whether the user's threads go.</param>
    /// <param name="cancellation">Ends it; then nothing in the database was erased.</param>
    public async Task<ErasureReceipt> EraseAsync(string tenant, string shown, string requestedBy, bool threadsToo, CancellationToken cancellation)
    {
        var user = MemoryUser.Asked(shown);
        var at = Microseconds(time.GetUtcNow());
        var erasure = new Erasure(tenant, $"ers-{Guid.CreateVersion7(at):N}", user, signer.Subject(tenant, user), threadsToo);
        var receipt = await store.EraseAsync(erasure, async erased => signer.Sign(await ReceiptAsync(erasure, requestedBy, at, erased, cancellation).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
        // Once more after the commit: what was answered from the rows while they were still there is not kept either.
        await cache.ClearAsync(tenant, CancellationToken.None).ConfigureAwait(false);
        await index.ForgetAsync(tenant, user, CancellationToken.None).ConfigureAwait(false);
        return receipt;
    }

    /// <summary>A receipt; null when there is none, or <paramref name="onlyOf"/> is another user.</summary>
    public async Task<ErasureReceipt?> FindAsync(string tenant, string id, string? onlyOf, CancellationToken cancellation) =>
        await store.FindAsync(tenant, id, cancellation).ConfigureAwait(false) is { } receipt && (onlyOf is null || receipt.Subject == signer.Subject(tenant, MemoryUser.Asked(onlyOf))) ? receipt : null;

    /// <summary>Receipts, the newest first.</summary>
    public Task<IReadOnlyList<ErasureReceipt>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellation) => store.ListAsync(tenant, after, limit, cancellation);

    private async Task<ErasureReceipt> ReceiptAsync(Erasure erasure, string requestedBy, DateTimeOffset at, IReadOnlyList<ErasedPlace> erased, CancellationToken cancellation)
    {
        var places = erased.ToList();
        var kept = new List<string>
        {
            "usage figures, costs and states of runs, under a pseudonym",
            "facts of requests, which hold no text, until their month is dropped",
            "backups, until they are replaced",
        };
        if (await cache.ClearAsync(erasure.Tenant, cancellation).ConfigureAwait(false) is { } cleared)
        {
            // Keys of kept answers are hashes and tell nobody's name: all of the tenant's go.
            places.Add(new ErasedPlace("answer_cache", cleared));
        }
        else
        {
            kept.Add("kept answers, because their store does not answer: they end by themselves after Caching:Lifetime");
        }

        places.Add(new ErasedPlace("audit_subjects", await audit.EraseAsync(erasure.Tenant, erasure.User, cancellation).ConfigureAwait(false) ? 1 : 0));
        if (!erasure.ThreadsToo)
        {
            kept.Add("threads: they were not asked for");
        }

        return new ErasureReceipt(erasure.Id, erasure.Subject, at, requestedBy, places, kept, at + Reach, "", "", "", "");
    }

    private static DateTimeOffset Microseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
