using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threats.Incidents;
using Npgsql;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>Incidents in Postgres, with the newest <see cref="KeptReports"/> reports of each.</summary>
internal sealed class PostgresIncidentStore(RuntimeDatabase database) : IIncidentStore
{
    /// <summary>Reports kept of an incident: the first, and the newest.</summary>
    public const int KeptReports = 50;

    private const string Columns = "id, kind, subject, severity, status, summary, reports, opened_at, last_at, containments, resolved_at, resolved_by, note";

    public async Task<(IncidentView Incident, bool IsNew)> ReportAsync(IncidentReport report, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(report.Tenant, cancellation);
        await using var upsert = session.Command(
            $"""
            INSERT INTO agentsystem.incidents AS i (tenant_id, id, kind, subject, severity, status, summary, reports, opened_at, last_at)
            VALUES ($1, $2, $3, $4, $5, 'open', $6, 1, $7, $7)
            ON CONFLICT (tenant_id, subject, kind) WHERE status <> 'resolved' DO UPDATE SET
                reports = i.reports + 1, last_at = greatest(i.last_at, excluded.last_at), severity = greatest(i.severity, excluded.severity), summary = excluded.summary
            RETURNING {Columns}
            """,
            report.Tenant, $"inc_{Guid.CreateVersion7(at):N}", report.Kind, report.Subject, (int)report.Severity, report.Summary, at);
        var incident = (await OneAsync(upsert, cancellation))!;
        await using (var add = session.Command(
            "INSERT INTO agentsystem.incident_reports (tenant_id, incident_id, number, at, summary, request_id, figures) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            report.Tenant, incident.Id, incident.Reports, at, report.Summary, ThreatRows.Text(report.RequestId), StoredJson.Parameter(report.Figures ?? new Dictionary<string, double>())))
        {
            await add.ExecuteNonQueryAsync(cancellation);
        }

        if (incident.Reports > KeptReports)
        {
            await using var forget = session.Command(
                "DELETE FROM agentsystem.incident_reports WHERE tenant_id = $1 AND incident_id = $2 AND number > 1 AND number <= $3", report.Tenant, incident.Id, incident.Reports - KeptReports + 1);
            await forget.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
        return (incident, incident.Reports == 1);
    }

    public async Task<IncidentView?> FindAsync(string tenant, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.incidents WHERE tenant_id = $1 AND id = $2", tenant, id);
        return await OneAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<IncidentView>> ListAsync(string tenant, IncidentStatus? status, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            $"SELECT {Columns} FROM agentsystem.incidents WHERE tenant_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
            tenant, ThreatRows.Text(status is { } only ? ThreatRows.Word(only) : null), ThreatRows.Text(after), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var incidents = new List<IncidentView>();
        while (await reader.ReadAsync(cancellation))
        {
            incidents.Add(View(reader));
        }

        return incidents;
    }

    public async Task<IReadOnlyList<IncidentReportView>> ReportsAsync(string tenant, string id, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            "SELECT at, summary, request_id, figures::text FROM agentsystem.incident_reports WHERE tenant_id = $1 AND incident_id = $2 ORDER BY number DESC LIMIT $3", tenant, id, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var reports = new List<IncidentReportView>();
        while (await reader.ReadAsync(cancellation))
        {
            reports.Add(new IncidentReportView(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), ThreatRows.Text(reader, 2), StoredJson.Read<Dictionary<string, double>>(reader.GetString(3))));
        }

        return reports;
    }

    public Task<IncidentView?> ContainedAsync(string tenant, string id, string containmentId, CancellationToken cancellation) => ChangeAsync(
        """
        UPDATE agentsystem.incidents SET status = CASE WHEN status = 'resolved' THEN status ELSE 'contained' END,
            containments = CASE WHEN $3 = ANY (containments) THEN containments ELSE containments || $3 END
        """,
        tenant, [tenant, id, containmentId], cancellation);

    public Task<IncidentView?> ResolveAsync(string tenant, string id, string by, string? note, DateTimeOffset at, CancellationToken cancellation) => ChangeAsync(
        """
        UPDATE agentsystem.incidents SET status = 'resolved', resolved_at = coalesce(resolved_at, $4),
            note = CASE WHEN resolved_at IS NULL THEN $5 ELSE note END, resolved_by = coalesce(resolved_by, $3)
        """,
        tenant, [tenant, id, by, at, ThreatRows.Text(note)], cancellation);

    private async Task<IncidentView?> ChangeAsync(string update, string tenant, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var command = session.Command($"{update} WHERE tenant_id = $1 AND id = $2 RETURNING {Columns}", values);
        var changed = await OneAsync(command, cancellation);
        await session.CommitAsync(cancellation);
        return changed;
    }

    private static async Task<IncidentView?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? View(reader) : null;
    }

    private static IncidentView View(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), (ScreenSeverity)row.GetInt32(3), ThreatRows.Word<IncidentStatus>(row.GetString(4)), row.GetString(5), row.GetInt32(6),
        row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8), row.GetFieldValue<string[]>(9), ThreatRows.Moment(row, 10), ThreatRows.Text(row, 11), ThreatRows.Text(row, 12));
}
