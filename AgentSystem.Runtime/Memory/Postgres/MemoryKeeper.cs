using System.Data.Common;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>
/// Lets go of memories whose time is over, by expiry and by their kind's retention, and merges old episodic ones that say the same. Any number of processes may do so at once: each takes rows nobody else has.
/// </summary>
internal sealed partial class MemoryKeeper(RuntimeDatabase database, IMemoryEmbedding embedding, MemoryTelemetry telemetry, IOptions<MemoryOptions> options, TimeProvider time, ILogger<MemoryKeeper> log) : BackgroundService
{
    private const int Batch = 500;
    private const int MostScopes = 50;
    private const int MostMerged = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>How long a row says that a vector is gone; every process has looked by then, or looks anew at everything.</summary>
    private static readonly TimeSpan Gone = TimeSpan.FromDays(1);

    /// <summary>One round of everything.</summary>
    internal async Task KeepAsync(CancellationToken cancellation)
    {
        var (now, settings) = (time.GetUtcNow(), options.Value);
        await AllAsync("expired", "SELECT agentsystem.delete_expired_memories($1, $2)", [now], cancellation);
        foreach (var (kind, days) in new[] { (MemoryKind.Episodic, settings.EpisodicDays), (MemoryKind.Semantic, settings.SemanticDays), (MemoryKind.Procedural, settings.ProceduralDays) })
        {
            if (days > 0)
            {
                await AllAsync("retention", "SELECT agentsystem.delete_old_memories($1, $2, $3)", [MemoryNames.Word(kind), now.AddDays(-days)], cancellation);
            }
        }

        await AllAsync("vector_rows", "SELECT agentsystem.delete_removed_memory_vectors($1, $2)", [now - Gone], cancellation);
        await AllAsync("old_embedding", "SELECT agentsystem.delete_other_memory_vectors($1, $2)", [embedding.Id], cancellation);
        if (settings.Consolidate)
        {
            await ConsolidateAsync(now.AddDays(-settings.ConsolidateAfterDays), cancellation);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Interval, time);
        while (true)
        {
            try
            {
                await tick.WaitForNextTickAsync(stoppingToken);
                await KeepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogSkipped(exception);
            }
        }
    }

    private async Task AllAsync(string reason, string statement, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        while (true)
        {
            await using var session = await database.OpenWithoutTenantAsync(cancellation);
            await using var delete = session.Command(statement, [.. values, Batch]);
            var count = (int)(await delete.ExecuteScalarAsync(cancellation))!;
            await session.CommitAsync(cancellation);
            telemetry.Housekept(reason, count);
            if (count < Batch)
            {
                return;
            }
        }
    }

    private async Task ConsolidateAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var scopes = new List<MemoryScope>();
        await using (var session = await database.OpenWithoutTenantAsync(cancellation))
        {
            await using var select = session.Command("SELECT tenant_id, user_name, agent FROM agentsystem.memory_scopes_with_old('episodic', $1, $2)", before, MostScopes);
            await using var row = await select.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                scopes.Add(new MemoryScope(row.GetString(0), row.GetString(1), row.GetString(2)));
            }
        }

        foreach (var scope in scopes)
        {
            telemetry.Housekept("merged", await MergeAsync(scope, before, cancellation));
        }
    }

    /// <summary>Of those that say the same on the same day, the first stays.</summary>
    private async Task<int> MergeAsync(MemoryScope scope, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        var rows = new List<(string Id, string Text, DateTimeOffset At)>();
        await using (var select = session.Command(
            """
            SELECT id, text, valid_from FROM agentsystem.memories
            WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND kind = 'episodic' AND at < $4 AND forgotten_at IS NULL AND superseded_at IS NULL
            ORDER BY at LIMIT $5 FOR UPDATE SKIP LOCKED
            """,
            scope.Tenant, scope.User, scope.Agent, before, MostMerged))
        {
            await using var row = await select.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                rows.Add((row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)));
            }
        }

        var repeated = rows.GroupBy(static one => (one.At.UtcDateTime.Date, string.Join(' ', Words.Of(one.Text)))).SelectMany(static group => group.OrderBy(static one => one.At).Skip(1)).Select(static one => one.Id).ToList();
        if (repeated.Count > 0)
        {
            await using var delete = session.Command("DELETE FROM agentsystem.memories WHERE tenant_id = $1 AND id = ANY ($2)", scope.Tenant, repeated);
            await delete.ExecuteNonQueryAsync(cancellation);
            await session.CommitAsync(cancellation);
        }

        return repeated.Count;
    }

    [LoggerMessage(LogLevel.Warning, "Memories could not be looked after; the next attempt follows")]
    private partial void LogSkipped(Exception exception);
}
