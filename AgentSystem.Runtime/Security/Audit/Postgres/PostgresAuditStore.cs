using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Security.Audit.Postgres;

/// <summary>Entries and subjects in Postgres. The app role may add entries, not change or delete them.</summary>
internal sealed class PostgresAuditStore(RuntimeDatabase database) : IAuditStore
{
    private const string Columns = "entry.tenant_id, entry.stream, entry.sequence, entry.previous, entry.hash, entry.body";

    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        await using var session = await database.OpenBatchAsync([.. entries.Select(static entry => entry.Tenant).Distinct(StringComparer.Ordinal)], cancellation);
        await using var insert = session.Command(
            "INSERT INTO agentsystem.audit_entries (tenant_id, stream, sequence, previous, hash, body) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
            Column(entries, static entry => entry.Tenant, NpgsqlDbType.Text),
            Column(entries, static entry => entry.Stream, NpgsqlDbType.Text),
            Column(entries, static entry => entry.Sequence, NpgsqlDbType.Bigint),
            Column(entries, static entry => entry.Previous, NpgsqlDbType.Bytea),
            Column(entries, static entry => entry.Hash, NpgsqlDbType.Bytea),
            Column(entries, static entry => entry.Body, NpgsqlDbType.Text));
        await insert.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task<(long Sequence, byte[] Hash)?> LastAsync(string stream, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT sequence, hash FROM agentsystem.audit_last($1)", stream);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    public async Task<IReadOnlyList<StoredSubject>> SubjectsAsync(string tenant, IReadOnlyList<byte[]> tokens, Func<byte[], StoredSubject> make, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        var known = await ReadAsync(session, "token = ANY ($2)", tenant, new NpgsqlParameter { Value = tokens.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }, cancellation);
        var missing = tokens.Where(token => !known.Any(subject => subject.Token.AsSpan().SequenceEqual(token))).Select(make).ToList();
        if (missing.Count == 0)
        {
            return known;
        }

        // In the order of their tokens, as everybody does; what another process made meanwhile is taken.
        await using (var insert = session.Command(
            "INSERT INTO agentsystem.audit_subjects (tenant_id, token, id, wrapped_key) SELECT $1, each.* FROM unnest($2, $3, $4) AS each ON CONFLICT (tenant_id, token) DO NOTHING",
            tenant,
            Column(missing, static subject => subject.Token, NpgsqlDbType.Bytea),
            Column(missing, static subject => subject.Id, NpgsqlDbType.Text),
            Column(missing, static subject => subject.Wrapped, NpgsqlDbType.Bytea)))
        {
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        var all = await ReadAsync(session, "token = ANY ($2)", tenant, new NpgsqlParameter { Value = tokens.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }, cancellation);
        await session.CommitAsync(cancellation);
        return all;
    }

    public async Task<StoredSubject?> FindSubjectAsync(string tenant, byte[] token, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        return await ReadAsync(session, "token = $2", tenant, token, cancellation) is [var subject] ? subject : null;
    }

    public async Task<IReadOnlyList<StoredSubject>> SubjectsOfAsync(string tenant, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        return await ReadAsync(session, "id = ANY ($2)", tenant, ids, cancellation);
    }

    public async Task<bool> EraseAsync(string tenant, byte[] token, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var delete = session.Command("DELETE FROM agentsystem.audit_subjects WHERE tenant_id = $1 AND token = $2", tenant, token);
        var rows = await delete.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return rows == 1;
    }

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, AuditQuery query, string? after, int limit, CancellationToken cancellation)
    {
        var place = after is null ? null : AuditEntry.Place(after);
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT {Columns} FROM agentsystem.audit_entries AS entry
            WHERE entry.tenant_id = $1 AND ($2::text IS NULL OR entry.actor = $2) AND ($3::text IS NULL OR CASE WHEN right($3, 1) = '.' THEN starts_with(entry.action, $3) ELSE entry.action = $3 END)
                AND ($4::text IS NULL OR entry.object = $4) AND ($5::text IS NULL OR entry.decision = $5) AND ($6::text IS NULL OR entry.at >= $6) AND ($7::text IS NULL OR entry.at < $7)
                AND ($8::text IS NULL OR (entry.at, entry.stream, entry.sequence) < (SELECT last.at, last.stream, last.sequence FROM agentsystem.audit_entries AS last WHERE last.stream = $8 AND last.sequence = $9))
            ORDER BY entry.at DESC, entry.stream DESC, entry.sequence DESC LIMIT $10
            """,
            tenant, query.Actor, query.Action, query.Object, query.Decision is { } decision ? AuditBody.Word(decision) : null,
            query.From is { } from ? AuditBody.Time(from) : null, query.To is { } to ? AuditBody.Time(to) : null, place?.Stream, place?.Sequence ?? 0L, limit);
        return await ReadAsync(select, cancellation);
    }

    public async Task<AuditEntry?> FindAsync(string tenant, string stream, long sequence, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.audit_entries AS entry WHERE entry.tenant_id = $1 AND entry.stream = $2 AND entry.sequence = $3", tenant, stream, sequence);
        return await ReadAsync(select, cancellation) is [var entry] ? entry : null;
    }

    private static async Task<IReadOnlyList<AuditEntry>> ReadAsync(NpgsqlCommand select, CancellationToken cancellation)
    {
        var entries = new List<AuditEntry>();
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new AuditEntry(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4), reader.GetString(5)));
        }

        return entries;
    }

    private static async Task<IReadOnlyList<StoredSubject>> ReadAsync(TenantSession session, string which, string tenant, object value, CancellationToken cancellation)
    {
        var subjects = new List<StoredSubject>();
        await using var select = session.Command($"SELECT token, id, wrapped_key FROM agentsystem.audit_subjects WHERE tenant_id = $1 AND {which}", tenant, value);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            subjects.Add(new StoredSubject(reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        }

        return subjects;
    }

    private static NpgsqlParameter Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value, NpgsqlDbType type) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
