using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Replaces data keys: a new version, then everything that older ones sealed, and what still stands in plain, is sealed under it, batch after batch.</summary>
public sealed class Rotation
{
    /// <summary>Rows of one transaction.</summary>
    internal const int Batch = 200;

    /// <summary>A rotation waits for so long before its first row: by then every process seals under the new version, so that nothing comes in behind it under an older one.</summary>
    internal static readonly TimeSpan Age = SealingBounds.Default.Trust + TimeSpan.FromSeconds(10);

    private readonly IRotationStore store;
    private readonly DataKeys keys;
    private readonly SealedColumn[] columns;

    internal Rotation(IRotationStore store, DataKeys keys, IEnumerable<SealedColumn> columns) => (this.store, this.keys, this.columns) = (store, keys, [.. columns]);

    /// <summary>Begins one, or gives the one that is running.</summary>
    /// <param name="tenant">Whose keys.</param>
    /// <param name="by">Who asks, as the audit log names it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SealException">The root secret is not the database's.</exception>
    public async Task<DataKeyView> BeginAsync(string tenant, string by, CancellationToken cancellation)
    {
        var version = await keys.RotateAsync(tenant, (wrap, token) => store.BeginAsync(tenant, by, wrap, token), cancellation);
        return (await ListAsync(tenant, version + 1, 1, cancellation))[0];
    }

    /// <summary>A tenant's versions, the newest first; of one whose rotation runs also how much is left.</summary>
    public async Task<IReadOnlyList<DataKeyView>> ListAsync(string tenant, int? before, int limit, CancellationToken cancellation)
    {
        var views = new List<DataKeyView>();
        foreach (var key in await store.ListAsync(tenant, before, limit, cancellation))
        {
            long? remaining = key.Rotation == "running" ? await RemainingAsync(tenant, key.Version, cancellation) : null;
            views.Add(new DataKeyView(
                key.Version, key.CreatedAt, key.Seals, key.Rotation is null ? null : new DataKeyRotation(key.Rotation, key.RotatedBy!, key.Resealed, remaining, key.Unreadable, key.RotatedAt)));
        }

        return views;
    }

    /// <summary>Goes on with everything that is due, of all tenants; how many rotations it finished. Any number of processes may do so at once.</summary>
    internal async Task<int> ContinueAsync(TimeSpan age, CancellationToken cancellation)
    {
        var finished = 0;
        foreach (var (tenant, version) in await store.RunningAsync(age, cancellation))
        {
            Pass pass;
            do
            {
                pass = await PassAsync(tenant, version, cancellation);
            }
            while (pass is { Done: false, Sealed: > 0 });
            finished += pass.Done ? 1 : 0;
        }

        return finished;
    }

    /// <summary>Once over all columns; not done when somebody else held rows, or moved some: another pass is due.</summary>
    private async Task<Pass> PassAsync(string tenant, int version, CancellationToken cancellation)
    {
        var (sealedAgain, unreadable) = (0L, 0L);
        foreach (var column in columns)
        {
            var done = new ResealResult(0, 0, IRotationStore.Beginning);
            do
            {
                done = await store.ResealAsync(tenant, version, column, done.Last, Batch, cancellation);
                unreadable += done.Unreadable;
                sealedAgain += done.Seen - done.Unreadable;
            }
            while (done.Seen > 0);
        }

        if (await RemainingAsync(tenant, version, cancellation) > unreadable)
        {
            return new Pass(false, sealedAgain);
        }

        await store.FinishAsync(tenant, version, unreadable, cancellation);
        return new Pass(true, sealedAgain);
    }

    private sealed record Pass(bool Done, long Sealed);

    private async Task<long> RemainingAsync(string tenant, int version, CancellationToken cancellation)
    {
        var remaining = 0L;
        foreach (var column in columns)
        {
            remaining += await store.RemainingAsync(tenant, version, column, cancellation);
        }

        return remaining;
    }
}
