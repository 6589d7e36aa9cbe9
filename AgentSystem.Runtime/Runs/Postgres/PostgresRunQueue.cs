using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>The queue in Postgres; how runs are chosen stands in the migration, because it runs with the owner's rights over all tenants.</summary>
internal sealed class PostgresRunQueue(RuntimeDatabase database) : IRunQueue
{
    private const string Claim = $"SELECT {RunRows.Columns}, agentsystem.key_holds(tenant_id, caller->>'key_id') FROM agentsystem.claim_runs($1, $2, $3, $4)";

    public async Task<IReadOnlyList<HeldRun>> ClaimAsync(string holder, int most, TimeSpan lease, int attempts, CancellationToken cancellation)
    {
        await using var session = await database.OpenLeanAsync([], cancellation);
        await using var claim = session.Whole([TenantSession.Part(Claim, [holder, most, lease, attempts])]);
        await claim.PrepareAsync(cancellation);
        var claimed = new List<HeldRun>();
        await using var reader = await claim.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            claimed.Add(RunRows.Held(reader) with { KeyHolds = reader.GetBoolean(RunRows.RunColumns) });
        }

        // Nothing is held before the answer to the commit.
        while (await reader.NextResultAsync(cancellation))
        {
        }

        return claimed;
    }

    public async Task<IReadOnlyList<RunLease>> RenewAsync(IReadOnlyCollection<RunLease> held, TimeSpan lease, CancellationToken cancellation)
    {
        await using var session = await database.OpenBatchAsync([.. held.Select(one => one.Tenant).Distinct()], cancellation);
        await using var renew = session.Command(
            """
            UPDATE agentsystem.runs AS run SET seen_at = clock_timestamp(), lease_until = clock_timestamp() + $4
            FROM unnest($1, $2, $3) AS held (tenant_id, id, token)
            WHERE run.tenant_id = held.tenant_id AND run.id = held.id AND run.token = held.token AND run.status = 'running'
            RETURNING run.tenant_id, run.id, run.token
            """,
            held.Select(one => one.Tenant).ToArray(), held.Select(one => one.RunId).ToArray(), held.Select(one => one.Token).ToArray(), lease);
        var still = new List<RunLease>(held.Count);
        await using (var reader = await renew.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                still.Add(new RunLease(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
            }
        }

        await session.CommitAsync(cancellation);
        return still;
    }
}
