using System.Buffers.Binary;
using System.Text;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Security.Sealing.Postgres;

/// <summary>Rotations in Postgres. How far one has come stands in the rows themselves: each says under which version it is sealed, so that a rotation goes on wherever a process was killed.</summary>
internal sealed class PostgresRotationStore(RuntimeDatabase database, ISecretBox box) : IRotationStore
{
    public async Task<int> BeginAsync(string tenant, string by, Func<int, IReadOnlyDictionary<string, byte[]>> wrap, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.data_keys ' || $1, 0))", tenant);
        await alone.ExecuteNonQueryAsync(cancellation);
        await using var running = session.Command("SELECT version FROM agentsystem.data_keys WHERE tenant_id = $1 AND rotation = 'running'", tenant);
        if (await running.ExecuteScalarAsync(cancellation) is int version)
        {
            return version;
        }

        await using var next = session.Command("SELECT coalesce(max(version), 0) + 1 FROM agentsystem.data_keys WHERE tenant_id = $1", tenant);
        version = (int)(await next.ExecuteScalarAsync(cancellation))!;
        await using var insert = session.Command(
            "INSERT INTO agentsystem.data_keys (tenant_id, version, seals, wraps, created_at, rotation, rotated_by) VALUES ($1, $2, 0, $3, clock_timestamp(), 'running', $4)",
            tenant, version, StoredJson.Parameter(wrap(version)), by);
        await insert.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return version;
    }

    public async Task<IReadOnlyList<DataKeyState>> ListAsync(string tenant, int? before, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT version, created_at, seals, rotation, rotated_by, resealed, unreadable, rotated_at FROM agentsystem.data_keys
            WHERE tenant_id = $1 AND ($2::int IS NULL OR version < $2) ORDER BY version DESC LIMIT $3
            """,
            tenant, new NpgsqlParameter { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer }, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var keys = new List<DataKeyState>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new DataKeyState(
                reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return keys;
    }

    public async Task<IReadOnlyList<(string Tenant, int Version)>> RunningAsync(TimeSpan age, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id, version FROM agentsystem.running_rotations($1)", age);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var running = new List<(string, int)>();
        while (await reader.ReadAsync(cancellation))
        {
            running.Add((reader.GetString(0), reader.GetInt32(1)));
        }

        return running;
    }

    public async Task<long> RemainingAsync(string tenant, int version, SealedColumn column, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var count = session.Command($"SELECT count(*) FROM {column.Table} WHERE tenant_id = $1 AND {Waits(column)}", tenant, Head(version));
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<ResealResult> ResealAsync(string tenant, int version, SealedColumn column, string behind, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        var (rows, values, unreadable) = (new List<string>(), new List<byte[]>(), 0);
        var found = await FindAsync(session, tenant, version, column, behind, most, cancellation);
        foreach (var (row, id, stored, isSealed) in found)
        {
            var place = new SealedPlace(tenant, column.Purpose, id);
            var opened = isSealed ? await box.OpenAsync(place, stored, cancellation) : new Opened(stored, null);
            if (opened.Value is null)
            {
                unreadable++;
                continue;
            }

            rows.Add(row);
            values.Add(await box.SealAsync(place, opened.Value, cancellation));
        }

        await WriteAsync(session, tenant, column, rows, values, cancellation);
        await using var count = session.Command("UPDATE agentsystem.data_keys SET resealed = resealed + $3 WHERE tenant_id = $1 AND version = $2", tenant, version, rows.Count);
        await count.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return new ResealResult(found.Count, unreadable, found.Count == 0 ? behind : found[^1].Row);
    }

    public async Task FinishAsync(string tenant, int version, long unreadable, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var finish = session.Command(
            "UPDATE agentsystem.data_keys SET rotation = 'done', unreadable = $3, rotated_at = clock_timestamp() WHERE tenant_id = $1 AND version = $2 AND rotation = 'running'", tenant, version, unreadable);
        await finish.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    private static async Task<List<(string Row, string Id, byte[] Stored, bool IsSealed)>> FindAsync(TenantSession session, string tenant, int version, SealedColumn column, string behind, int most, CancellationToken cancellation)
    {
        var value = column.Type == SealedType.Bytes ? column.Column : $"{column.Column}::text";
        // In the order of the rows' places, so that behind a batch's last row nothing is left out: no other way of reading a range of places is let.
        await using var order = session.Command("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true), set_config('enable_bitmapscan', 'off', true)");
        await order.ExecuteNonQueryAsync(cancellation);
        await using var select = session.Command(
            $"SELECT ctid::text, ({column.Id})::text, {value} FROM {column.Table} WHERE tenant_id = $1 AND ctid > $3::text::tid AND {Waits(column)} LIMIT $4 FOR UPDATE SKIP LOCKED", tenant, Head(version), behind, most);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var found = new List<(string, string, byte[], bool)>();
        while (await reader.ReadAsync(cancellation))
        {
            var (stored, isSealed) = column.Type == SealedType.Bytes ? Bytes(reader.GetFieldValue<byte[]>(2)) : Bytes(reader.GetString(2));
            found.Add((reader.GetString(0), reader.GetString(1), stored, isSealed));
        }

        return found;
    }

    // The rows are locked: none of them can have moved.
    private static async Task WriteAsync(TenantSession session, string tenant, SealedColumn column, List<string> rows, List<byte[]> values, CancellationToken cancellation)
    {
        var cast = column.Type == SealedType.Json ? "::json" : "";
        await using var update = session.Command(
            $"UPDATE {column.Table} AS x SET {column.Column} = w.value{cast} FROM unnest($2::text[], $3) AS w (place, value) WHERE x.tenant_id = $1 AND x.ctid = w.place::tid",
            tenant, rows,
            column.Type == SealedType.Bytes
                ? new NpgsqlParameter { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
                : new NpgsqlParameter { Value = values.Select(SealedJson.Write).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await update.ExecuteNonQueryAsync(cancellation);
    }

    private static (byte[] Stored, bool IsSealed) Bytes(byte[] value) => (value, SealedFormat.IsSealed(value));

    // What says that it is sealed and is broken is no plain document.
    private static (byte[] Stored, bool IsSealed) Bytes(string document) =>
        document.StartsWith(SealedJson.Start, StringComparison.Ordinal) ? (SealedJson.Read(document), true) : (Encoding.UTF8.GetBytes(document), false);

    /// <summary>True of a row whose value is not sealed under version $2 or a later one: the head says so without opening it. Bytes are compared from the left, so big-endian numbers are in their order.</summary>
    private static string Waits(SealedColumn column) => column.Type == SealedType.Bytes
        ? $"octet_length({column.Column}) > 0 AND (substring({column.Column} from 1 for 2) <> '\\xa553'::bytea OR substring({column.Column} from 5 for 4) < $2)"
        : $"""
            {column.Column}::text NOT IN ('[]', '{"{}"}') AND CASE
                WHEN left({column.Column}::text, 8) <> '"sealed:' OR substr({column.Column}::text, 9, 12) !~ '^[A-Za-z0-9+/]{"{12}"}$' THEN true
                ELSE substring(decode(substr({column.Column}::text, 9, 12), 'base64') from 5 for 4) < $2 END
            """;

    private static byte[] Head(int version)
    {
        var head = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(head, version);
        return head;
    }
}
