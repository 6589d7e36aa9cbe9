using System.Text;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Makes a process's root secret fit for the database it stands before: what was derived from the first one goes on, and every data key opens under the one of now.</summary>
public sealed class RootSecrets : IDisposable
{
    private const int Batch = 500;
    private static readonly byte[] About = Encoding.UTF8.GetBytes("kept-secret");

    private readonly RootKey root;
    private readonly IRootStore kept;
    private readonly IDataKeyStore keys;
    private readonly KeyWrapping wrapping;
    private readonly SemaphoreSlim one = new(1);
    private volatile bool done;

    internal RootSecrets(RootKey root, IRootStore kept, IDataKeyStore keys, KeyWrapping wrapping) => (this.root, this.kept, this.keys, this.wrapping) = (root, kept, keys, wrapping);

    /// <summary>
    /// Does it once; later calls cost nothing. Several processes may do it at the same moment. Null when all is well, else what is wrong, with the cure: nothing has changed then.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database is away.</exception>
    public async Task<string?> EnsureAsync(CancellationToken cancellation)
    {
        if (done)
        {
            return null;
        }

        await one.WaitAsync(cancellation);
        try
        {
            if (done)
            {
                return null;
            }

            var problem = await TakeAsync(cancellation);
            done = problem is null;
            return problem;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The same for a host's start.</summary>
    /// <exception cref="OptionsValidationException">The root secret is not the database's.</exception>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        if (await EnsureAsync(cancellation) is { } problem)
        {
            throw new OptionsValidationException("RootKey", typeof(RootKey), [problem]);
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<string?> TakeAsync(CancellationToken cancellation)
    {
        byte[]? first = null;
        var rows = await kept.ChangeAsync(
            known =>
            {
                var wraps = known.ToDictionary(static row => row.Root, static row => row.Kept, StringComparer.Ordinal);
                first = known.Count == 0 ? (root.Previous ?? root).Material : wrapping.Unwrap(wraps, About);
                if (first is null || wraps.ContainsKey(root.Id))
                {
                    return [];
                }

                // A database from before there were rows: processes of the former secret may still be running.
                var generation = known.Count == 0 ? 1 : known.Max(static row => row.Generation) + 1;
                RootRow[] former = known.Count == 0 && root.Previous is { } previous ? [new RootRow(previous.Id, generation++, new KeyWrapping(previous).Wrap(About, first))] : [];
                return [.. former, new RootRow(root.Id, generation, wrapping.Wrap(About, first))];
            },
            cancellation);
        if (first is null)
        {
            return $"The database was written under root secret {rows.MaxBy(static row => row.Generation)!.Root} and this process has {root.Id}: give it the same AGENTSYSTEM_ROOT_KEY, or, to replace it, the former one as AGENTSYSTEM_ROOT_KEY_PREVIOUS.";
        }

        while (await keys.WithoutAsync(root.Id, Batch, cancellation) is { Count: > 0 } missing)
        {
            var wraps = new List<(WrappedKey, byte[])>();
            foreach (var key in missing)
            {
                var (bytes, failure) = wrapping.Unwrap(key);
                if (bytes is null)
                {
                    return failure!.Message;
                }

                wraps.Add((key, wrapping.Wrap(key, bytes)));
            }

            await keys.WrapAsync(root.Id, wraps, cancellation);
        }

        // The newest secret, given alone, says that the change is over: nothing needs the former one any more.
        if (root.Previous is null && rows.Count > 1 && rows.MaxBy(static row => row.Generation)!.Root == root.Id)
        {
            await keys.ForgetOthersAsync(root.Id, cancellation);
            await kept.ForgetOthersAsync(root.Id, cancellation);
        }

        root.Keep(first);
        return null;
    }
}

/// <summary>Which root secrets the database knows.</summary>
internal interface IRootStore
{
    /// <summary>Adds what <paramref name="add"/> says to those that are there, one process after the other; all rows of after.</summary>
    Task<IReadOnlyList<RootRow>> ChangeAsync(Func<IReadOnlyList<RootRow>, IReadOnlyList<RootRow>> add, CancellationToken cancellation);

    /// <summary>Removes all but one.</summary>
    Task ForgetOthersAsync(string root, CancellationToken cancellation);
}

/// <summary>A root secret the database knows.</summary>
/// <param name="Root">See <see cref="RootKey.Id"/>.</param>
/// <param name="Generation">The higher the newer.</param>
/// <param name="Kept">The first root secret, wrapped under this one.</param>
internal sealed record RootRow(string Root, int Generation, byte[] Kept);
