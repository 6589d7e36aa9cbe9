using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Routing.Postgres;

/// <summary>Instances in Postgres, as rows of the tenant that runs the platform.</summary>
internal sealed class PostgresInstanceRegistry(RuntimeDatabase database) : IInstanceRegistry
{
    private const string Columns = "name, slots, in_use, waiting, draining, beat_at, revision";

    public async Task<DrainOrder> BeatAsync(InstanceReport report, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(Tenants.Default, cancellation);
        await using var beat = session.Command(
            """
            INSERT INTO agentsystem.instances AS instance (tenant_id, name, slots, in_use, waiting, draining, beat_at) VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
            ON CONFLICT (tenant_id, name) DO UPDATE SET slots = excluded.slots, in_use = excluded.in_use, waiting = excluded.waiting, beat_at = excluded.beat_at
            RETURNING draining, revision
            """,
            Tenants.Default, report.Name, report.Slots, report.InUse, report.Waiting, report.IsDraining);
        DrainOrder order;
        await using (var reader = await beat.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            order = new DrainOrder(reader.GetBoolean(0), reader.GetInt32(1));
        }

        await session.CommitAsync(cancellation);
        return order;
    }

    public async Task<(InstanceReport Report, DrainOrder Order)?> OrderAsync(string name, bool draining, TimeSpan silent, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(Tenants.Default, cancellation);
        await using var order = session.Command(
            $"UPDATE agentsystem.instances SET draining = $3, revision = revision + 1 WHERE tenant_id = $1 AND name = $2 AND beat_at > clock_timestamp() - $4 RETURNING {Columns}",
            Tenants.Default, name, draining, silent);
        (InstanceReport, DrainOrder)? ordered = null;
        await using (var reader = await order.ExecuteReaderAsync(cancellation))
        {
            if (await reader.ReadAsync(cancellation))
            {
                ordered = (Report(reader), new DrainOrder(draining, reader.GetInt32(6)));
            }
        }

        await session.CommitAsync(cancellation);
        return ordered;
    }

    public async Task<IReadOnlyList<InstanceReport>> ListAsync(TimeSpan silent, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(Tenants.Default, cancellation);
        await using var select = session.Command(
            $"SELECT {Columns} FROM agentsystem.instances WHERE tenant_id = $1 AND beat_at > clock_timestamp() - $2 ORDER BY name COLLATE \"C\"", Tenants.Default, silent);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var found = new List<InstanceReport>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(Report(reader));
        }

        return found;
    }

    // Whoever leaves takes along those that were killed and cannot: a name with a process id in it does not come again.
    public async Task LeaveAsync(string name, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(Tenants.Default, cancellation);
        await using var leave = session.Command(
            "DELETE FROM agentsystem.instances WHERE tenant_id = $1 AND (name = $2 OR beat_at < clock_timestamp() - interval '1 hour')", Tenants.Default, name);
        await leave.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    private static InstanceReport Report(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetBoolean(4), row.GetFieldValue<DateTimeOffset>(5));
}
