using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Graph;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>Keeps memories: row, words, things, edges, vector and the word to the index worker, all or nothing.</summary>
internal sealed class MemoryWriter(RuntimeDatabase database, IMemoryEmbedding embedding, IOptions<MemoryOptions> options, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO agentsystem.memories (tenant_id, user_name, agent, id, text, text_hash, at, kind, thread_id, valid_from, valid_to, recorded_at, subject, expires_at, trust, origin, metadata, words)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $7, $12, $13, $14, $15::jsonb, $16::jsonb, array_to_tsvector($17))
        ON CONFLICT (tenant_id, user_name, agent, kind, coalesce(thread_id, ''), text_hash) WHERE forgotten_at IS NULL DO NOTHING
        """;

    public async Task<MemoryStored> WriteAsync(MemoryScope scope, MemoryDraft draft, CancellationToken cancellation)
    {
        var now = InMicroseconds(time.GetUtcNow());
        var vector = draft.Kind.IsEmbedded() && embedding.Immediate ? (await embedding.EmbedAsync(scope.Tenant, [draft.Text], cancellation))[0] : null;
        var subject = draft.Kind == MemoryKind.Semantic ? StatementSubject.Of(draft.Text) : null;
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (subject is not null)
        {
            // Two that contradict each other at the same moment: one after the other.
            await using var turn = session.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", string.Join('\n', "memory", scope.Tenant, scope.User, scope.Agent, subject));
            await turn.ExecuteNonQueryAsync(cancellation);
        }

        var id = $"mem-{Guid.CreateVersion7(now):N}";
        await using (var insert = session.Command(
            Insert, scope.Tenant, scope.User, scope.Agent, id, draft.Text, Hash(draft.Text), now, MemoryNames.Word(draft.Kind), draft.ThreadId, draft.ValidFrom ?? now, draft.ValidTo, subject,
            ExpiresAt(draft, now), MemoryNames.Word(draft.Trust), MemoryNames.Json(draft.Source), MemoryNames.Json(draft.Metadata), MemoryParts.Words(draft.Text)))
        {
            if (await insert.ExecuteNonQueryAsync(cancellation) == 0)
            {
                id = await SayAgainAsync(session, scope, draft, now, cancellation);
            }
        }

        var superseded = subject is null ? [] : await ContradictAsync(session, scope, draft, (id, subject, now), cancellation);
        await using var read = session.Command("SELECT version FROM agentsystem.memories WHERE tenant_id = $1 AND id = $2", scope.Tenant, id);
        var version = (long)(await read.ExecuteScalarAsync(cancellation))!;
        var entities = MemoryParts.Entities(draft.Text, draft.Entities, draft.Relations);
        await MemoryParts.WriteGraphAsync(session, scope, id, entities, draft.Relations, cancellation);
        if (vector is not null)
        {
            await MemoryParts.WriteVectorAsync(session, new IndexedVector(scope, id, version, embedding.Id, vector), cancellation);
        }

        if (draft.Kind.IsEmbedded())
        {
            await MemoryParts.QueueAsync(session, scope.Tenant, id, version, cancellation);
        }

        await session.CommitAsync(cancellation);
        return new MemoryStored(id, MemoryRows.StoredIn(draft.Kind, entities.Count > 0, worded: true, vector is not null), version, superseded);
    }

    /// <summary>A text's hash, which stands for it in the unique index.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>As fine as the store keeps it.</summary>
    public static DateTimeOffset InMicroseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    private DateTimeOffset? ExpiresAt(MemoryDraft draft, DateTimeOffset now) =>
        draft.ExpiresAt ?? (draft.Kind == MemoryKind.Working ? now.AddHours(options.Value.WorkingHours) : null);

    /// <summary>It becomes the newest; if its interval was over, that stays in the history and another begins.</summary>
    private async Task<string> SayAgainAsync(TenantSession session, MemoryScope scope, MemoryDraft draft, DateTimeOffset now, CancellationToken cancellation)
    {
        var (id, over) = ("", false);
        await using (var find = session.Command(
            """
            SELECT id, valid_to IS NOT NULL AND valid_to <= $7 FROM agentsystem.memories
            WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND kind = $4 AND coalesce(thread_id, '') = coalesce($5, '') AND text_hash = $6 AND forgotten_at IS NULL FOR UPDATE
            """,
            scope.Tenant, scope.User, scope.Agent, MemoryNames.Word(draft.Kind), draft.ThreadId, Hash(draft.Text), draft.ValidFrom ?? now))
        {
            await using var row = await find.ExecuteReaderAsync(cancellation);
            if (!await row.ReadAsync(cancellation))
            {
                // Forgotten between the two statements: whoever asks again finds room for it.
                throw new TimeoutException("The memory was forgotten while it was written; write it again.");
            }

            (id, over) = (row.GetString(0), row.GetBoolean(1));
        }

        if (!over && draft.ValidFrom is null && draft.ValidTo is null)
        {
            await using var newest = session.Command("UPDATE agentsystem.memories SET at = $3, expires_at = $4 WHERE tenant_id = $1 AND id = $2", scope.Tenant, id, now, ExpiresAt(draft, now));
            await newest.ExecuteNonQueryAsync(cancellation);
            return id;
        }

        await MemoryParts.KeepHistoryAsync(session, scope.Tenant, id, past: over, now, cancellation);
        await using var again = session.Command(
            """
            UPDATE agentsystem.memories SET at = $3, valid_from = $4, valid_to = $5, recorded_at = $3, superseded_at = NULL, superseded_by = NULL, version = version + 1, expires_at = $6
            WHERE tenant_id = $1 AND id = $2
            """,
            scope.Tenant, id, now, draft.ValidFrom ?? now, draft.ValidTo, ExpiresAt(draft, now));
        await again.ExecuteNonQueryAsync(cancellation);
        return id;
    }

    /// <summary>Ends the intervals of what it contradicts, and its own where something later is known. What was derived ends nothing that somebody said.</summary>
    private static async Task<IReadOnlyList<string>> ContradictAsync(
        TenantSession session, MemoryScope scope, MemoryDraft draft, (string Id, string Subject, DateTimeOffset Now) mine, CancellationToken cancellation)
    {
        var from = draft.ValidFrom ?? mine.Now;
        var others = new List<(string Id, string Text, DateTimeOffset From, DateTimeOffset? To)>();
        await using (var find = session.Command(
            """
            SELECT id, text, valid_from, valid_to FROM agentsystem.memories
            WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND subject = $4 AND id <> $5 AND forgotten_at IS NULL AND ($6 <> 'derived' OR trust = 'derived') FOR UPDATE
            """,
            scope.Tenant, scope.User, scope.Agent, mine.Subject, mine.Id, MemoryNames.Word(draft.Trust)))
        {
            await using var row = await find.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                others.Add((row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), MemoryRows.At(row, 3)));
            }
        }

        var contrary = others.Where(other => !StatementSubject.IsSame(other.Text, draft.Text)).ToList();
        var ended = contrary.Where(other => other.From <= from && (other.To is null || other.To > from)).ToList();
        foreach (var other in ended)
        {
            await CloseAsync(session, scope.Tenant, other.Id, from, mine.Id, mine.Now, cancellation);
        }

        if (draft.ValidTo is null && contrary.Where(other => other.From > from).OrderBy(static other => other.From).FirstOrDefault() is { Id: { } later } next)
        {
            await CloseAsync(session, scope.Tenant, mine.Id, next.From, later, mine.Now, cancellation);
        }

        return [.. ended.Select(static other => other.Id)];
    }

    private static async Task CloseAsync(TenantSession session, string tenant, string id, DateTimeOffset at, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        await MemoryParts.KeepHistoryAsync(session, tenant, id, past: false, now, cancellation);
        await using var close = session.Command(
            "UPDATE agentsystem.memories SET valid_to = greatest($3, valid_from), superseded_at = $5, superseded_by = $4, recorded_at = $5, version = version + 1 WHERE tenant_id = $1 AND id = $2",
            tenant, id, at, by, now);
        await close.ExecuteNonQueryAsync(cancellation);
        // The text is the same, and so is its vector: it goes on under the new version.
        await using var carry = session.Command(
            """
            UPDATE agentsystem.memory_vectors AS v SET version = m.version, changed = pg_current_xact_id() FROM agentsystem.memories AS m
            WHERE v.tenant_id = $1 AND v.memory_id = $2 AND m.tenant_id = $1 AND m.id = $2 AND v.version = m.version - 1
            """,
            tenant, id);
        await carry.ExecuteNonQueryAsync(cancellation);
    }
}
