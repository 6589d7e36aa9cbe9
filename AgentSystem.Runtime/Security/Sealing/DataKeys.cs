using System.Collections.Concurrent;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Each tenant's data keys, as far as this process has met them.</summary>
internal sealed class DataKeys(IDataKeyStore store, KeyWrapping wrapping, RootSecrets root, TimeProvider time, SealingBounds? bounds = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, Tenant> tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, int Version), DataKey> known = new();
    private readonly SealingBounds bounds = bounds ?? SealingBounds.Default;

    /// <summary>The key to seal with; one seal of the bound is taken by it.</summary>
    /// <exception cref="SealException">The newest key is not ours to open.</exception>
    public ValueTask<DataKey> ForSealingAsync(string tenant, CancellationToken cancellation)
    {
        var mine = tenants.GetOrAdd(tenant, static _ => new Tenant());
        return mine.Take(time.GetUtcNow()) is { } key ? ValueTask.FromResult(key) : new ValueTask<DataKey>(RenewAsync(tenant, mine, cancellation));
    }

    /// <summary>The key of one version, or why it cannot be had.</summary>
    public async ValueTask<(DataKey? Key, SealFailure? Failure)> ForOpeningAsync(string tenant, int version, CancellationToken cancellation)
    {
        if (known.TryGetValue((tenant, version), out var key))
        {
            return (key, null);
        }

        if (await root.EnsureAsync(cancellation) is { } problem)
        {
            return (null, new SealFailure(SealFailureReason.OtherRoot, problem));
        }

        return await store.FindAsync(tenant, version, cancellation) is { } wrapped
            ? Read(wrapped)
            : (null, new SealFailure(SealFailureReason.KeyMissing, $"Data key {version} of tenant {tenant} is not in the database; restore agentsystem.data_keys from the backup the value came from."));
    }

    /// <summary>Has a new version made; this process seals with it at once, others within <see cref="SealingBounds.Trust"/>.</summary>
    public async Task<int> RotateAsync(string tenant, Func<Func<int, IReadOnlyDictionary<string, byte[]>>, CancellationToken, Task<int>> begin, CancellationToken cancellation)
    {
        await RequireRootAsync(cancellation);
        var version = await begin(wrapping.ForNew(tenant, Aead.NewKey()), cancellation);
        tenants.TryRemove(tenant, out _);
        return version;
    }

    public void Dispose()
    {
        foreach (var tenant in tenants.Values)
        {
            tenant.Dispose();
        }
    }

    private async Task<DataKey> RenewAsync(string tenant, Tenant mine, CancellationToken cancellation)
    {
        await mine.One.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (mine.Take(now) is { } renewed)
            {
                return renewed;
            }

            await RequireRootAsync(cancellation);
            // What is left of the right goes on where the version is still the newest.
            var (before, left) = mine.Drain();
            var newest = left > 0 ? await store.NewestAsync(tenant, cancellation) : null;
            if (newest is null || newest.Version != before!.Version)
            {
                (newest, left) = (await store.ReserveAsync(tenant, bounds.Lease, bounds.MostSeals, wrapping.ForNew(tenant, Aead.NewKey()), cancellation), bounds.Lease);
            }

            var (key, failure) = Read(newest);
            return mine.Renew(key ?? throw new SealException(failure!), left, now + bounds.Trust);
        }
        finally
        {
            mine.One.Release();
        }
    }

    // Under a root secret that is not the database's no key may be made: nobody else could open it.
    private async Task RequireRootAsync(CancellationToken cancellation)
    {
        if (await root.EnsureAsync(cancellation) is { } problem)
        {
            throw new SealException(new SealFailure(SealFailureReason.OtherRoot, problem));
        }
    }

    private (DataKey? Key, SealFailure? Failure) Read(WrappedKey wrapped)
    {
        var (bytes, failure) = wrapping.Unwrap(wrapped);
        return bytes is null ? (null, failure) : (known.GetOrAdd((wrapped.Tenant, wrapped.Version), static (place, material) => new DataKey(place.Version, material), bytes), null);
    }

    private sealed class Tenant : IDisposable
    {
        private Lease? lease;

        public SemaphoreSlim One { get; } = new(1);

        public DataKey? Take(DateTimeOffset now) => Volatile.Read(ref lease) is { } mine && now < mine.Until && mine.Take() ? mine.Key : null;

        /// <summary>The key of before, and how often it may still seal; nobody else can take that any more.</summary>
        public (DataKey? Key, long Left) Drain() => Interlocked.Exchange(ref lease, null) is { } mine ? (mine.Key, mine.Drain()) : (null, 0);

        /// <summary>From now on this key seals; the first seal is the caller's.</summary>
        public DataKey Renew(DataKey key, long seals, DateTimeOffset until)
        {
            Volatile.Write(ref lease, new Lease(key, seals - 1, until));
            return key;
        }

        public void Dispose() => One.Dispose();
    }

    // Key and count are one object, so that no seal is counted at another version than its own.
    private sealed class Lease(DataKey key, long seals, DateTimeOffset until)
    {
        private long left = seals;

        public DataKey Key => key;

        public DateTimeOffset Until => until;

        public bool Take() => Interlocked.Decrement(ref left) >= 0;

        public long Drain() => Math.Max(0, Interlocked.Exchange(ref left, 0));
    }
}

/// <summary>How much one data key seals.</summary>
/// <param name="MostSeals">
/// 2^32 values under one key: with random nonces of 96 bits that keeps the chance of two alike below 2^-32 (NIST SP 800-38D, section 8.3).
/// </param>
/// <param name="Lease">How many a process takes of it at once; what it does not use is lost.</param>
/// <param name="Trust">How long a process seals with the newest version it knows before it asks whether there is a newer one.</param>
internal sealed record SealingBounds(long MostSeals, long Lease, TimeSpan Trust)
{
    public static SealingBounds Default { get; } = new(1L << 32, 1L << 16, TimeSpan.FromSeconds(30));
}
