using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit.Tree;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Verifies the log of this database, and gives it away as an export that anyone can verify.</summary>
public sealed class AuditProofs : IDisposable
{
    private const int Page = 1_000;

    private readonly IAuditTree tree;
    private readonly AuditSigner signer;
    private readonly RootsFile file;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim one = new(1);

    internal AuditProofs(IAuditTree tree, AuditSigner signer, RootsFile file, TimeProvider time) => (this.tree, this.signer, this.file, this.time) = (tree, signer, file, time);

    /// <summary>The key that checks signatures.</summary>
    public AuditKeyView Key
    {
        get
        {
            using var key = new AuditPublicKey(signer.PublicKey);
            return new AuditKeyView(key.Id, signer.PublicKey);
        }
    }

    /// <summary>Looks at every chain, root and signature, of all tenants; one verification of a process at a time, because it reads everything.</summary>
    public async Task<AuditVerification> VerifyAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            using var key = new AuditPublicKey(signer.PublicKey);
            var verifier = new AuditVerifier(key);
            var until = await NewestAsync(cancellation);
            await foreach (var link in LinksAsync(null, until, cancellation))
            {
                verifier.Add(link);
            }

            await foreach (var root in RootsAsync(until, cancellation))
            {
                verifier.Add(root);
            }

            if (file.Path is not null)
            {
                // What was signed since is in the file, and is no business of this look.
                verifier.AddElsewhere(await WithoutNewerAsync(await file.ReadAsync(cancellation), until, cancellation));
            }

            return verifier.Finish();
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Lines of JSON: the public key, every entry a tenant may see (of others the hashes), every root.</summary>
    public async IAsyncEnumerable<string> ExportAsync(string tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return AuditLines.Head(signer.PublicKey, AuditBody.Time(time.GetUtcNow()));
        var until = await NewestAsync(cancellation);
        await foreach (var link in LinksAsync(tenant, until, cancellation))
        {
            yield return AuditLines.Write(link);
        }

        await foreach (var root in RootsAsync(until, cancellation))
        {
            yield return AuditLines.Write(root);
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<long> NewestAsync(CancellationToken cancellation) => await tree.NewestRootsAsync(long.MaxValue, 1, cancellation) is [var root] ? root.Size : 0;

    /// <summary>What is signed while the chains are read is taken for not signed yet; a leaf without any root over it stays one, and is found.</summary>
    private async IAsyncEnumerable<AuditLink> LinksAsync(string? tenant, long until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var newest = until;
        await foreach (var link in tree.ChainsAsync(tenant, cancellation))
        {
            if (link.Place >= newest)
            {
                newest = await NewestAsync(cancellation);
            }

            yield return link.Place >= until && link.Place < newest ? link with { Place = null, Leaf = null } : link;
        }
    }

    private async IAsyncEnumerable<AuditRoot> RootsAsync(long until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var behind = 0L; await tree.RootsAsync(behind, Page, cancellation) is { Count: > 0 } roots; behind = roots[^1].Size)
        {
            foreach (var root in roots.Where(root => root.Size <= until))
            {
                yield return root;
            }
        }
    }

    private async Task<IReadOnlyList<AuditRoot?>> WithoutNewerAsync(IReadOnlyList<AuditRoot?> written, long until, CancellationToken cancellation)
    {
        var newest = await NewestAsync(cancellation);
        return newest == until ? written : [.. written.Where(root => root is null || root.Size <= until || root.Size > newest)];
    }
}
