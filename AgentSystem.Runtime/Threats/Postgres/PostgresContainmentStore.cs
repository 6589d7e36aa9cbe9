using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threats.Containment;
using Npgsql;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>Containments in Postgres, a row each.</summary>
internal sealed class PostgresContainmentStore(RuntimeDatabase database) : IContainmentStore
{
    /// <summary>Where every process hears that a containment was placed or lifted. It only wakes: what is in force is read from the rows.</summary>
    public const string Channel = "agentsystem_containments";

    private const string Columns = "id, kind, scope, reason, version, placed_by, placed_at, expires_at, incident_id, requests_per_minute, lifted_at, lifted_by";

    public async Task<IReadOnlyCollection<Contained>> InForceAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id, id, kind, scope, requests_per_minute FROM agentsystem.containments_in_force($1)", now);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var contained = new List<Contained>();
        while (await reader.ReadAsync(cancellation))
        {
            contained.Add(new Contained(reader.GetString(0), reader.GetString(1), ThreatRows.Word<ContainmentKind>(reader.GetString(2)), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetInt32(4)));
        }

        return contained;
    }

    public async Task<ContainmentView> PlaceAsync(NewContainment containment, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(containment.Tenant, cancellation);
        // One after the other, so that two at once place one.
        await using (var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.containments ' || $1 || ' ' || $2, 0))", containment.Tenant, containment.Scope))
        {
            await alone.ExecuteNonQueryAsync(cancellation);
        }

        var kind = ThreatRows.Word(containment.Kind);
        await using var extend = session.Command(
            $"""
            UPDATE agentsystem.containments SET expires_at = CASE WHEN expires_at IS NULL OR $5::timestamptz IS NULL THEN NULL ELSE greatest(expires_at, $5) END
            WHERE tenant_id = $1 AND scope = $2 AND kind = $3 AND lifted_at IS NULL AND (expires_at IS NULL OR expires_at > $4) RETURNING {Columns}
            """,
            containment.Tenant, containment.Scope, kind, containment.At, ThreatRows.Moment(containment.ExpiresAt));
        var placed = await OneAsync(extend, cancellation);
        if (placed is null)
        {
            await using var insert = session.Command(
                $"""
                INSERT INTO agentsystem.containments (tenant_id, id, kind, scope, reason, requests_per_minute, incident_id, placed_by, placed_at, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {Columns}
                """,
                containment.Tenant, $"ctm_{Guid.CreateVersion7(containment.At):N}", kind, containment.Scope, containment.Reason, ThreatRows.Number(containment.RequestsPerMinute),
                ThreatRows.Text(containment.IncidentId), containment.By, containment.At, ThreatRows.Moment(containment.ExpiresAt));
            placed = await OneAsync(insert, cancellation);
        }

        await TellAsync(session, cancellation);
        await session.CommitAsync(cancellation);
        return placed!;
    }

    public async Task<ContainmentView?> LiftAsync(string tenant, string id, string by, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var update = session.Command(
            $"UPDATE agentsystem.containments SET lifted_at = coalesce(lifted_at, $3), lifted_by = coalesce(lifted_by, $4) WHERE tenant_id = $1 AND id = $2 RETURNING {Columns}", tenant, id, at, by);
        var lifted = await OneAsync(update, cancellation);
        await TellAsync(session, cancellation);
        await session.CommitAsync(cancellation);
        return lifted;
    }

    public async Task<IReadOnlyList<ContainmentView>> ListAsync(string tenant, DateTimeOffset? inForceAt, string? incidentId, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        // Ids are made of the time: their order is that of their making.
        await using var select = session.Command(
            $"""
            SELECT {Columns} FROM agentsystem.containments WHERE tenant_id = $1
                AND ($2::timestamptz IS NULL OR (lifted_at IS NULL AND (expires_at IS NULL OR expires_at > $2)))
                AND ($3::text IS NULL OR incident_id = $3) AND ($4::text IS NULL OR id < $4) ORDER BY id DESC LIMIT $5
            """,
            tenant, ThreatRows.Moment(inForceAt), ThreatRows.Text(incidentId), ThreatRows.Text(after), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var containments = new List<ContainmentView>();
        while (await reader.ReadAsync(cancellation))
        {
            containments.Add(View(reader));
        }

        return containments;
    }

    /// <summary>Sent when the transaction commits, and not at all when it does not.</summary>
    private static async Task TellAsync(TenantSession session, CancellationToken cancellation)
    {
        await using var tell = session.Command("SELECT pg_notify($1, '')", Channel);
        await tell.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<ContainmentView?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? View(reader) : null;
    }

    private static ContainmentView View(NpgsqlDataReader row) => new(
        row.GetString(0), ThreatRows.Word<ContainmentKind>(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6),
        ThreatRows.Moment(row, 7), ThreatRows.Text(row, 8), row.IsDBNull(9) ? null : row.GetInt32(9), ThreatRows.Moment(row, 10), ThreatRows.Text(row, 11));
}
