using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Tools.Catalogue.Postgres;

/// <summary>Writes tools inside one transaction.</summary>
internal sealed class ToolWriter(TenantSession session, string tenant, string by, DateTimeOffset now)
{
    /// <summary>Registers tools; null when it is done.</summary>
    public async Task<ToolWrite?> AddAsync(IReadOnlyList<NewTool> tools, int most, CancellationToken cancellation)
    {
        // Held until the commit: two who register at the same time are counted one after the other.
        await using (var hold = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.tools ' || $1, 0))", tenant))
        {
            await hold.ExecuteNonQueryAsync(cancellation);
        }

        await using (var count = session.Command("SELECT count(*) FROM agentsystem.tools WHERE tenant_id = $1", tenant))
        {
            if (await count.ExecuteScalarAsync(cancellation) is long there && there + tools.Count > most)
            {
                return new ToolWrite(ToolWriteStatus.TooMany);
            }
        }

        foreach (var tool in tools)
        {
            var definition = tool.Definition;
            await using var insert = session.Command(
                """
                INSERT INTO agentsystem.tools (tenant_id, name, source, state, active_version, latest_version, created_at, created_by)
                VALUES ($1, $2, $3, $4, $5, 1, $6, $7) ON CONFLICT DO NOTHING
                """,
                tenant, definition.Name, ToolRows.Text(definition.Source), ToolRows.Word(tool.Approved ? ToolState.Active : ToolState.Changed), tool.Approved ? 1 : 0, now, by);
            if (await insert.ExecuteNonQueryAsync(cancellation) == 0)
            {
                return new ToolWrite(ToolWriteStatus.Taken, definition.Name);
            }

            await InsertVersionAsync(definition, 1, tool.Approved, cancellation);
        }

        return null;
    }

    /// <summary>Changes a tool; null when it is done.</summary>
    public async Task<ToolWrite?> ChangeAsync(ToolUpdate change, CancellationToken cancellation)
    {
        await using var hold = session.Command("SELECT latest_version FROM agentsystem.tools WHERE tenant_id = $1 AND name = $2 FOR UPDATE", tenant, change.Name);
        if (await hold.ExecuteScalarAsync(cancellation) is not int latest)
        {
            return new ToolWrite(ToolWriteStatus.Missing, change.Name);
        }

        if (change.Seen is { } seen && seen != latest)
        {
            return new ToolWrite(ToolWriteStatus.Conflict, change.Name);
        }

        var version = latest;
        var state = change.State;
        if (change.Definition is { } definition)
        {
            await InsertVersionAsync(definition, ++version, change.Approved, cancellation);
            state ??= change.Approved ? ToolState.Active : ToolState.Changed;
        }

        await using var update = session.Command(
            """
            UPDATE agentsystem.tools SET latest_version = $3, active_version = CASE WHEN $4 THEN $3 ELSE active_version END, state = coalesce($5, state), enabled = coalesce($6, enabled)
            WHERE tenant_id = $1 AND name = $2
            """,
            tenant, change.Name, version, change.Definition is not null && change.Approved, ToolRows.Text(state is { } word ? ToolRows.Word(word) : null), Flag(change.Enabled));
        await update.ExecuteNonQueryAsync(cancellation);
        if (change.Credentials is { } credentials)
        {
            await SealAsync(change.Name, credentials, cancellation);
        }

        return null;
    }

    /// <summary>Lets a version be called; false when there is no such tool or version.</summary>
    public async Task<bool> ApproveAsync(string name, int version, CancellationToken cancellation)
    {
        await using var approve = session.Command(
            "UPDATE agentsystem.tool_versions SET approved_at = coalesce(approved_at, $4), approved_by = coalesce(approved_by, $5) WHERE tenant_id = $1 AND name = $2 AND version = $3",
            tenant, name, version, now, by);
        if (await approve.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return false;
        }

        await using var point = session.Command(
            """
            UPDATE agentsystem.tools SET active_version = $3, state = CASE WHEN state = 'changed' AND (source IS NULL OR $3 = latest_version) THEN 'active' ELSE state END
            WHERE tenant_id = $1 AND name = $2
            """,
            tenant, name, version);
        await point.ExecuteNonQueryAsync(cancellation);
        return true;
    }

    /// <summary>Keeps credentials in place of those before.</summary>
    public async Task SealAsync(string name, SealedHeaders credentials, CancellationToken cancellation)
    {
        await using var write = credentials.Names.Count == 0
            ? session.Command("DELETE FROM agentsystem.tool_credentials WHERE tenant_id = $1 AND name = $2", tenant, name)
            : session.Command(
                """
                INSERT INTO agentsystem.tool_credentials (tenant_id, name, headers, sealed) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant_id, name) DO UPDATE SET headers = excluded.headers, sealed = excluded.sealed
                """,
                tenant, name, credentials.Names, credentials.Sealed);
        await write.ExecuteNonQueryAsync(cancellation);
    }

    private async Task InsertVersionAsync(ToolDefinition definition, int version, bool approved, CancellationToken cancellation)
    {
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.tool_versions (tenant_id, name, version, definition, hash, created_at, created_by, approved_at, approved_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 THEN $6 END, CASE WHEN $8 THEN $7 END)
            """,
            tenant, definition.Name, version, ToolRows.Json(definition), definition.Hash(), now, by, approved);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private static Npgsql.NpgsqlParameter Flag(bool? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean };
}
