using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Agents.Postgres;

/// <summary>The changes of one agent inside one transaction. Nothing is kept until the caller commits.</summary>
internal sealed class AgentWriter(TenantSession session, string tenant, string name)
{
    /// <summary>What a list shows of a version: all but the long and the rarely asked.</summary>
    private const string Summary = "- '{tenant,instructions,fallbacks,memory,planning,security,quality,scaling,resources,container_image}'::text[]";

    private const string Versions = "agentsystem.agent_versions WHERE tenant_id = $1 AND name = $2";

    /// <summary>One writer per tenant at a time: quotas, the order of versions and what a writer has seen are then exact without a second thought. Reads do not wait.</summary>
    public Task LockAsync(CancellationToken cancellation) => ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.agents/' || $1, 0))", [tenant], cancellation);

    public async Task<AgentState?> StateAsync(CancellationToken cancellation)
    {
        await using var select = session.Command("SELECT active_version, latest_version, archived_at IS NOT NULL FROM agentsystem.agents WHERE tenant_id = $1 AND name = $2", tenant, name);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new AgentState(reader.GetInt32(0), reader.GetInt32(1), reader.GetBoolean(2)) : null;
    }

    public async Task<AgentWrite> CreateAsync(NewVersion first, AgentQuota quota, CancellationToken cancellation)
    {
        if (await StateAsync(cancellation) is { } taken)
        {
            return new AgentWrite(AgentWriteStatus.Taken, taken);
        }

        if (await RefuseAgentAsync(quota, cancellation) is { } many)
        {
            return many;
        }

        if (await RefuseTypeAsync(first.Definition.Type, quota, cancellation) is { } types)
        {
            return types;
        }

        await ExecuteAsync(
            $"""
            INSERT INTO agentsystem.agents (tenant_id, name, active_version, type, description, summary, created_at, updated_at)
            SELECT $1, $2, 1, new.definition->>'type', new.definition->>'description', new.definition {Summary}, $4, $4 FROM (SELECT $3::jsonb AS definition) AS new
            """,
            [tenant, name, StoredJson.Parameter(first.Definition with { Version = 1 }), first.At],
            cancellation);
        await InsertAsync(first, 1, cancellation);
        return new AgentWrite(AgentWriteStatus.Done, new AgentState(1, 1, Archived: false));
    }

    public async Task<AgentWrite> AppendAsync(NewVersion next, bool activate, VersionMatch? match, AgentQuota quota, CancellationToken cancellation)
    {
        var state = await StateAsync(cancellation);
        var refused = Refuse(state, match)
            ?? (state!.Archived ? new AgentWrite(AgentWriteStatus.Archived, state) : null)
            ?? await RefuseTypeAsync(next.Definition.Type, quota, cancellation);
        if (refused is not null)
        {
            return refused;
        }

        var version = state!.Latest + 1;
        await InsertAsync(next, version, cancellation);
        await ExecuteAsync("UPDATE agentsystem.agents SET latest_version = $3, updated_at = $4 WHERE tenant_id = $1 AND name = $2", [tenant, name, version, next.At], cancellation);
        if (activate)
        {
            await PointAsync(version, cancellation);
        }

        return new AgentWrite(AgentWriteStatus.Done, new AgentState(activate ? version : state.Active, version, Archived: false));
    }

    public async Task<AgentWrite> ActivateAsync(int version, VersionMatch? match, AgentQuota quota, CancellationToken cancellation)
    {
        var state = await StateAsync(cancellation);
        var refused = Refuse(state, match)
            ?? (version < 1 || version > state!.Latest ? new AgentWrite(AgentWriteStatus.NoSuchVersion, state) : null)
            ?? (state!.Archived ? await RefuseAgentAsync(quota, cancellation) : null);
        if (refused is not null)
        {
            return refused;
        }

        await PointAsync(version, cancellation);
        return new AgentWrite(AgentWriteStatus.Done, new AgentState(version, state!.Latest, Archived: false));
    }

    public async Task<AgentWrite> ArchiveAsync(VersionMatch? match, DateTimeOffset at, CancellationToken cancellation)
    {
        var state = await StateAsync(cancellation);
        var refused = Refuse(state, match) ?? (state!.Archived ? new AgentWrite(AgentWriteStatus.Archived, state) : null);
        if (refused is not null)
        {
            return refused;
        }

        await ExecuteAsync("UPDATE agentsystem.agents SET archived_at = $3 WHERE tenant_id = $1 AND name = $2", [tenant, name, at], cancellation);
        return new AgentWrite(AgentWriteStatus.Done, state! with { Archived = true });
    }

    public async Task<AgentWrite> SeedAsync(NewVersion seed, CancellationToken cancellation)
    {
        if (await StateAsync(cancellation) is not { } state)
        {
            return await CreateAsync(seed, AgentQuota.None, cancellation);
        }

        return !state.Archived && state.Active == state.Latest && await OnlyOlderSeedsAsync(seed, cancellation)
            ? await AppendAsync(seed, activate: true, match: null, AgentQuota.None, cancellation)
            : new AgentWrite(AgentWriteStatus.Taken, state);
    }

    private static AgentWrite? Refuse(AgentState? state, VersionMatch? match) => state switch
    {
        null => new AgentWrite(AgentWriteStatus.Missing),
        _ when match?.Allows(state) == false => new AgentWrite(AgentWriteStatus.Conflict, state),
        _ => null,
    };

    /// <summary>Members that are null are as good as absent: an older build did not write the ones it did not know.</summary>
    private async Task<bool> OnlyOlderSeedsAsync(NewVersion seed, CancellationToken cancellation)
    {
        await using var select = session.Command(
            $"SELECT bool_and(seeded) AND NOT bool_or(jsonb_strip_nulls(definition - 'version') = jsonb_strip_nulls($3::jsonb - 'version')) FROM {Versions}",
            tenant, name, StoredJson.Parameter(seed.Definition));
        return await select.ExecuteScalarAsync(cancellation) is true;
    }

    private async Task<AgentWrite?> RefuseAgentAsync(AgentQuota quota, CancellationToken cancellation)
    {
        await using var count = session.Command("SELECT count(*) FROM agentsystem.agents WHERE tenant_id = $1 AND archived_at IS NULL", tenant);
        return await count.ExecuteScalarAsync(cancellation) is long agents && agents >= quota.Agents ? new AgentWrite(AgentWriteStatus.TooManyAgents) : null;
    }

    /// <summary>Takes a new type up, unless there are enough: a type once used stays, because the versions that have it can be activated again.</summary>
    private async Task<AgentWrite?> RefuseTypeAsync(string type, AgentQuota quota, CancellationToken cancellation)
    {
        var types = new List<string>();
        await using (var select = session.Command("""SELECT type FROM agentsystem.agent_types WHERE tenant_id = $1 ORDER BY type COLLATE "C" """, tenant))
        {
            await using var reader = await select.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                types.Add(reader.GetString(0));
            }
        }

        if (types.Contains(type))
        {
            return null;
        }

        if (types.Count >= quota.Types)
        {
            return new AgentWrite(AgentWriteStatus.TooManyTypes, Types: types);
        }

        await ExecuteAsync("INSERT INTO agentsystem.agent_types (tenant_id, type) VALUES ($1, $2)", [tenant, type], cancellation);
        return null;
    }

    private Task InsertAsync(NewVersion version, int number, CancellationToken cancellation) => ExecuteAsync(
        "INSERT INTO agentsystem.agent_versions (tenant_id, name, version, definition, created_at, created_by, seeded) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [tenant, name, number, StoredJson.Parameter(version.Definition with { Version = number }), version.At, version.By, version.Seeded],
        cancellation);

    private Task PointAsync(int version, CancellationToken cancellation) => ExecuteAsync(
        $"""
        UPDATE agentsystem.agents AS agent
        SET active_version = $3, archived_at = NULL, type = v.definition->>'type', description = v.definition->>'description', summary = v.definition {Summary}
        FROM agentsystem.agent_versions AS v
        WHERE agent.tenant_id = $1 AND agent.name = $2 AND v.tenant_id = $1 AND v.name = $2 AND v.version = $3
        """,
        [tenant, name, version],
        cancellation);

    private async Task ExecuteAsync(string sql, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        await using var command = session.Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
