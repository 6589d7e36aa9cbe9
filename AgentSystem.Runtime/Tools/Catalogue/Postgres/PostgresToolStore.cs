using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Tools.Catalogue.Postgres;

/// <summary>Tools in Postgres: a row per tool, a row per version, credentials apart.</summary>
internal sealed class PostgresToolStore(RuntimeDatabase database, TimeProvider time) : IToolStore
{
    public Task<IReadOnlyList<ToolRecord>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellation) =>
        ReadAsync(tenant, """AND ($2::text IS NULL OR tool.name > $2 COLLATE "C") ORDER BY tool.name COLLATE "C" LIMIT $3""", [ToolRows.Text(after), limit], cancellation);

    public Task<IReadOnlyList<ToolRecord>> FindAsync(string tenant, IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        ReadAsync(tenant, "AND tool.name = ANY ($2)", [names.ToArray()], cancellation);

    public Task<IReadOnlyList<ToolRecord>> OfSourceAsync(string tenant, string source, CancellationToken cancellation) =>
        ReadAsync(tenant, """AND tool.source = $2 ORDER BY tool.name COLLATE "C" """, [source], cancellation);

    public async Task<IReadOnlyList<string>> NamesAsync(string tenant, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT tool.name FROM agentsystem.tools AS tool JOIN agentsystem.tool_versions AS newest ON newest.tenant_id = tool.tenant_id AND newest.name = tool.name AND newest.version = tool.latest_version
            WHERE tool.tenant_id = $1 AND json_typeof(newest.definition->'schema') = 'object' ORDER BY tool.name COLLATE "C" LIMIT $2
            """,
            tenant, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    public async Task<ToolWrite> AddAsync(string tenant, IReadOnlyList<NewTool> tools, SealedHeaders? credentials, int most, string by, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        var writer = new ToolWriter(session, tenant, by, time.GetUtcNow());
        var refused = await writer.AddAsync(tools, most, cancellation);
        if (refused is not null)
        {
            return refused;
        }

        if (credentials is not null)
        {
            await writer.SealAsync(tools[0].Definition.Name, credentials, cancellation);
        }

        await session.CommitAsync(cancellation);
        return new ToolWrite(ToolWriteStatus.Done);
    }

    public async Task<ToolWrite> ChangeAsync(string tenant, IReadOnlyList<ToolUpdate> changes, IReadOnlyList<NewTool> added, int most, string by, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        var writer = new ToolWriter(session, tenant, by, time.GetUtcNow());
        // In one order, so that two who change the same tools wait for each other instead of blocking each other.
        foreach (var change in changes.OrderBy(static change => change.Name, StringComparer.Ordinal))
        {
            if (await writer.ChangeAsync(change, cancellation) is { } refused)
            {
                return refused;
            }
        }

        if (added.Count > 0 && await writer.AddAsync(added, most, cancellation) is { } full)
        {
            return full;
        }

        await session.CommitAsync(cancellation);
        return new ToolWrite(ToolWriteStatus.Done);
    }

    public async Task<ToolWrite> ApproveAsync(string tenant, string name, int version, string by, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        if (!await new ToolWriter(session, tenant, by, time.GetUtcNow()).ApproveAsync(name, version, cancellation))
        {
            return new ToolWrite(ToolWriteStatus.Missing, name);
        }

        await session.CommitAsync(cancellation);
        return new ToolWrite(ToolWriteStatus.Done);
    }

    public async Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var delete = session.Command("DELETE FROM agentsystem.tools WHERE tenant_id = $1 AND name = $2", tenant, name);
        var found = await delete.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<IReadOnlyList<ToolVersion>?> VersionsAsync(string tenant, string name, int before, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenSnapshotAsync(tenant, cancellation);
        await using var there = session.Command("SELECT 1 FROM agentsystem.tools WHERE tenant_id = $1 AND name = $2", tenant, name);
        if (await there.ExecuteScalarAsync(cancellation) is null)
        {
            return null;
        }

        await using var select = session.Command(
            """
            SELECT version, definition, hash, created_at, created_by, approved_at, approved_by FROM agentsystem.tool_versions
            WHERE tenant_id = $1 AND name = $2 AND version < $3 ORDER BY version DESC LIMIT $4
            """,
            tenant, name, before, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var versions = new List<ToolVersion>();
        while (await reader.ReadAsync(cancellation))
        {
            versions.Add(ToolRows.Version(reader));
        }

        return versions;
    }

    public async Task<byte[]?> CredentialsAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command("SELECT sealed FROM agentsystem.tool_credentials WHERE tenant_id = $1 AND name = $2", tenant, name);
        return await select.ExecuteScalarAsync(cancellation) as byte[];
    }

    private async Task<IReadOnlyList<ToolRecord>> ReadAsync(string tenant, string which, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"{ToolRows.Select} WHERE tool.tenant_id = $1 {which}", [tenant, .. values]);
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(cancellation);
        var tools = new List<ToolRecord>();
        while (await reader.ReadAsync(cancellation))
        {
            tools.Add(ToolRows.Tool(reader));
        }

        return tools;
    }
}
