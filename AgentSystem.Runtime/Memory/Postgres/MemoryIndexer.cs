using System.Runtime.InteropServices;
using System.Threading.Channels;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.Memory.Graph;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>
/// Brings memories into the index: takes what waits in the outbox (each entry one worker at a time, again after a while if that one dies), makes the vectors that are missing, and queues
/// everything anew when the embedding is another one. Doing an entry twice changes nothing.
/// </summary>
internal sealed partial class MemoryIndexer(
    RuntimeDatabase database, IMemoryIndex index, IMemoryEmbedding embedding, MemoryTelemetry telemetry, TimeProvider time, ILogger<MemoryIndexer> log) : BackgroundService
{
    /// <summary>How long an entry of another process's write waits at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private const int Batch = 64;
    private const int Requeued = 500;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private DateTimeOffset nextLook;

    /// <summary>Something was queued.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>Does what waits; how many entries were done.</summary>
    internal async Task<int> DrainAsync(CancellationToken cancellation)
    {
        var done = 0;
        while (await ClaimAsync(cancellation) is { Count: > 0 } claimed)
        {
            foreach (var tenant in claimed.GroupBy(static entry => entry.Tenant, StringComparer.Ordinal))
            {
                done += await IndexAsync(tenant.Key, [.. tenant], cancellation);
            }
        }

        return done;
    }

    /// <summary>Queues memories that have no vector of the embedding that is used now.</summary>
    internal async Task<int> RequeueAsync(CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var queue = session.Command("SELECT agentsystem.queue_memories_without($1, $2)", embedding.Id, Requeued);
        var count = (int)(await queue.ExecuteScalarAsync(cancellation))!;
        await session.CommitAsync(cancellation);
        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DrainAsync(stoppingToken);
                if (time.GetUtcNow() >= nextLook && await RequeueAsync(stoppingToken) < Requeued)
                {
                    nextLook = time.GetUtcNow() + BetweenLooks;
                }

                pause = Interval;
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, the entries stay in the outbox and are tried again.
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                LogRetry(pause, exception);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Task.Delay(Interval, time, enough.Token), wake.Reader.WaitToReadAsync(enough.Token).AsTask());
        await enough.CancelAsync();
        wake.Reader.TryRead(out _);
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task<IReadOnlyList<(string Tenant, long Sequence, string Id)>> ClaimAsync(CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        var claimed = new List<(string, long, string)>();
        await using (var claim = session.Command("SELECT tenant_id, sequence, memory_id FROM agentsystem.claim_memory_outbox($1, $2)", Batch, Lease))
        {
            await using var row = await claim.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                claimed.Add((row.GetString(0), row.GetInt64(1), row.GetString(2)));
            }
        }

        await session.CommitAsync(cancellation);
        return claimed;
    }

    private async Task<int> IndexAsync(string tenant, IReadOnlyList<(string Tenant, long Sequence, string Id)> entries, CancellationToken cancellation)
    {
        var rows = await ReadAsync(tenant, [.. entries.Select(static entry => entry.Id).Distinct(StringComparer.Ordinal)], cancellation);
        var missing = rows.Where(static row => row.Kind.IsEmbedded() && row.Vector is null).ToList();
        var vectors = missing.Count == 0 ? [] : await embedding.EmbedAsync(tenant, [.. missing.Select(static row => row.Text)], cancellation);
        var made = missing.Zip(vectors, (row, vector) => new IndexedVector(row.Scope, row.Id, row.Version, embedding.Id, vector)).ToList();
        await using (var session = await database.OpenAsync(tenant, cancellation))
        {
            foreach (var row in rows.Where(static row => row.Bare))
            {
                await DressAsync(session, row, cancellation);
            }

            foreach (var vector in made)
            {
                await MemoryParts.WriteVectorAsync(session, vector, cancellation);
            }

            await session.CommitAsync(cancellation);
        }

        if (index.KeepsCopies)
        {
            await index.ApplyAsync([.. made, .. rows.Where(static row => row.Vector is not null).Select(row => new IndexedVector(row.Scope, row.Id, row.Version, embedding.Id, row.Vector!))], cancellation);
        }

        return await DoneAsync(tenant, [.. entries.Select(static entry => entry.Sequence)], cancellation);
    }

    private async Task<IReadOnlyList<Row>> ReadAsync(string tenant, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT m.id, m.user_name, m.agent, m.kind, m.text, m.version, m.words IS NULL, v.vector FROM agentsystem.memories AS m
            LEFT JOIN agentsystem.memory_vectors AS v ON v.tenant_id = m.tenant_id AND v.memory_id = m.id AND v.embedding = $3 AND v.version = m.version
            WHERE m.tenant_id = $1 AND m.id = ANY ($2) AND m.forgotten_at IS NULL
            """,
            tenant, ids, embedding.Id);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var rows = new List<Row>();
        while (await row.ReadAsync(cancellation))
        {
            rows.Add(new Row(
                row.GetString(0), new MemoryScope(tenant, row.GetString(1), row.GetString(2)), MemoryNames.Value<MemoryKind>(row.GetString(3)), row.GetString(4), row.GetInt64(5), row.GetBoolean(6),
                row.IsDBNull(7) ? null : MemoryMarshal.Cast<byte, float>(row.GetFieldValue<byte[]>(7)).ToArray()));
        }

        return rows;
    }

    /// <summary>Gives a memory of an earlier version of the platform its words, subject and things.</summary>
    private static async Task DressAsync(TenantSession session, Row row, CancellationToken cancellation)
    {
        await using var update = session.Command(
            "UPDATE agentsystem.memories SET words = array_to_tsvector($3), subject = $4 WHERE tenant_id = $1 AND id = $2",
            row.Scope.Tenant, row.Id, MemoryParts.Words(row.Text), row.Kind == MemoryKind.Semantic ? StatementSubject.Of(row.Text) : null);
        await update.ExecuteNonQueryAsync(cancellation);
        await MemoryParts.WriteGraphAsync(session, row.Scope, row.Id, MemoryParts.Entities(row.Text, [], []), null, cancellation);
    }

    private async Task<int> DoneAsync(string tenant, IReadOnlyList<long> sequences, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        var ages = new List<TimeSpan>();
        await using (var done = session.Command("DELETE FROM agentsystem.memory_outbox WHERE tenant_id = $1 AND sequence = ANY ($2) RETURNING clock_timestamp() - queued_at", tenant, sequences.ToArray()))
        {
            await using var row = await done.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                ages.Add(row.GetFieldValue<TimeSpan>(0));
            }
        }

        await session.CommitAsync(cancellation);
        ages.ForEach(telemetry.Indexed);
        return ages.Count;
    }

    /// <param name="Bare">True where it has no words yet.</param>
    /// <param name="Vector">Of this version by the embedding that is used now.</param>
    private sealed record Row(string Id, MemoryScope Scope, MemoryKind Kind, string Text, long Version, bool Bare, float[]? Vector);

    [LoggerMessage(LogLevel.Warning, "Memories could not be brought into the index; next try in {Pause}")]
    private partial void LogRetry(TimeSpan pause, Exception exception);
}
