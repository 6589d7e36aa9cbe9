using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>
/// The index of this process: vectors lie in the rows; of the scopes that are searched it holds quantised ones, catches up with the rows before each search, and looks at the nearest candidates
/// once more in full. A search so sees every vector that was committed before it, whichever process wrote it.
/// </summary>
internal sealed class EmbeddedMemoryIndex(RuntimeDatabase database, IOptions<MemoryOptions> options, TimeProvider time) : IMemoryIndex
{
    /// <summary>Candidates that are looked at in full: so many at least, and <see cref="PerHit"/> for each that is wanted.</summary>
    private const int Rescored = 128;
    private const int PerHit = 4;

    /// <summary>A row that says a vector is gone stays a day: what was not searched for half a day is read anew.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<(MemoryScope Scope, string Embedding), Held> held = new();

    public bool KeepsCopies => false;

    public long Bytes => held.Values.Sum(static one => Interlocked.Read(ref one.Bytes));

    public IReadOnlyCollection<(string Tenant, string User)> Holders => [.. held.Keys.Select(static key => (key.Scope.Tenant, key.Scope.User)).Distinct()];

    public Task ApplyAsync(IReadOnlyList<IndexedVector> vectors, CancellationToken cancellation) => Task.CompletedTask;

    public Task ForgetAsync(string tenant, string user, CancellationToken cancellation)
    {
        foreach (var key in held.Keys.Where(key => key.Scope.Tenant == tenant && key.Scope.User == user))
        {
            held.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(MemoryScope scope, string id, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<NearMemory>> NearestAsync(MemoryScope scope, string embedding, ReadOnlyMemory<float> query, int limit, CancellationToken cancellation)
    {
        var key = (scope, embedding);
        var mine = held.GetOrAdd(key, _ => new Held(query.Length));
        IReadOnlyList<NearMemory> candidates;
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await mine.Gate.WaitAsync(cancellation);
        try
        {
            await CatchUpAsync(session, scope, embedding, mine, query.Length, cancellation);
            candidates = mine.Vectors.Nearest(query.Span, Math.Max(Rescored, limit * PerHit));
        }
        finally
        {
            mine.Gate.Release();
        }

        MakeRoom(key);
        return candidates.Count == 0 ? [] : await RescoreAsync(session, scope, embedding, query, candidates, limit, cancellation);
    }

    private async Task CatchUpAsync(TenantSession session, MemoryScope scope, string embedding, Held mine, int dimensions, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - mine.At > Fresh)
        {
            (mine.Vectors, mine.Seen) = (new ScopeVectors(dimensions), 0);
        }

        // Asked first: what commits between the two statements is read, and read once more next time.
        await using var oldest = session.Command("SELECT pg_snapshot_xmin(pg_current_snapshot())");
        var seen = (ulong)(await oldest.ExecuteScalarAsync(cancellation))!;
        await using var select = session.Command(
            "SELECT memory_id, version, vector FROM agentsystem.memory_vectors WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND embedding = $4 AND changed >= $5",
            scope.Tenant, scope.User, scope.Agent, embedding, new NpgsqlParameter { Value = mine.Seen, NpgsqlDbType = NpgsqlDbType.Xid8 });
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var id = reader.GetString(0);
            if (await reader.IsDBNullAsync(2, cancellation))
            {
                mine.Vectors.Remove(id);
            }
            else
            {
                mine.Vectors.Put(id, reader.GetInt64(1), MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(2)));
            }
        }

        (mine.Seen, mine.At) = (seen, now);
        Interlocked.Exchange(ref mine.Bytes, mine.Vectors.Bytes);
    }

    private static async Task<IReadOnlyList<NearMemory>> RescoreAsync(
        TenantSession session, MemoryScope scope, string embedding, ReadOnlyMemory<float> query, IReadOnlyList<NearMemory> candidates, int limit, CancellationToken cancellation)
    {
        await using var select = session.Command(
            "SELECT memory_id, vector FROM agentsystem.memory_vectors WHERE tenant_id = $1 AND memory_id = ANY ($2) AND embedding = $3 AND user_name = $4 AND agent = $5 AND vector IS NOT NULL",
            scope.Tenant, candidates.Select(static one => one.Id).ToList(), embedding, scope.User, scope.Agent);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var exact = new List<NearMemory>(candidates.Count);
        while (await reader.ReadAsync(cancellation))
        {
            exact.Add(new NearMemory(reader.GetString(0), HashedEmbedding.Cosine(query.Span, reader.GetFieldValue<byte[]>(1))));
        }

        return [.. exact.OrderByDescending(static one => one.Cosine).ThenBy(static one => one.Id, StringComparer.Ordinal).Take(limit)];
    }

    private void MakeRoom((MemoryScope Scope, string Embedding) keep)
    {
        var (most, bytes) = (options.Value.IndexMegabytes * 1024L * 1024, Bytes);
        foreach (var (key, one) in held.OrderBy(static pair => pair.Value.At))
        {
            if (bytes <= most)
            {
                return;
            }

            if (key != keep && held.TryRemove(key, out _))
            {
                bytes -= Interlocked.Read(ref one.Bytes);
            }
        }
    }

    /// <summary>What is held of one scope. The gate lets one search at a time catch up and scan.</summary>
    private sealed class Held(int dimensions)
    {
        public long Bytes;

        public SemaphoreSlim Gate { get; } = new(1);

        public ScopeVectors Vectors { get; set; } = new(dimensions);

        /// <summary>The oldest transaction that was still open at the last look.</summary>
        public ulong Seen { get; set; }

        public DateTimeOffset At { get; set; }
    }
}
