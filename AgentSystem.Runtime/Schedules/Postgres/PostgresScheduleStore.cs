using AgentSystem.Contracts.Schedules;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threads;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Schedules.Postgres;

/// <summary>Schedules in Postgres, a row each with its next time.</summary>
internal sealed class PostgresScheduleStore(RuntimeDatabase database) : IScheduleStore
{
    private const string Columns = "id, name, cron, run::text, user_name, enabled, next_at, last_at, last_run_id, last_error, created_at";
    private const string Mine = "tenant_id = $1 AND id = $2 AND ($3::text IS NULL OR user_name = $3)";

    public async Task<ScheduleView?> AddAsync(NewSchedule schedule, int most, CancellationToken cancellation)
    {
        var tenant = schedule.Run.Caller.Tenant;
        await using var session = await database.OpenAsync(tenant, cancellation);
        // One after the other, so that two at once cannot both be the last that fits.
        await using var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.schedules ' || $1, 0))", tenant);
        await alone.ExecuteNonQueryAsync(cancellation);
        await using var insert = session.Command(
            $"""
            INSERT INTO agentsystem.schedules (tenant_id, id, name, cron, run, user_name, enabled, next_at, created_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE (SELECT count(*) FROM agentsystem.schedules WHERE tenant_id = $1) < $10
            RETURNING {Columns}
            """,
            tenant, $"sch_{Guid.CreateVersion7(schedule.At):N}", schedule.Name, schedule.Cron, StoredJson.Parameter(schedule.Run), schedule.User, schedule.Enabled, Moment(schedule.NextAt), schedule.At, most);
        var added = await OneAsync(insert, cancellation);
        await session.CommitAsync(cancellation);
        return added;
    }

    public async Task<ScheduleView?> FindAsync(ScheduleScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.schedules WHERE {Mine}", scope.Tenant, id, Text(scope.User));
        return await OneAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<ScheduleView>> ListAsync(ScheduleScope scope, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        // Ids are made of the time: their order is that of their making.
        await using var select = session.Command(
            $"SELECT {Columns} FROM agentsystem.schedules WHERE tenant_id = $1 AND ($2::text IS NULL OR user_name = $2) AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
            scope.Tenant, Text(scope.User), Text(after), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var schedules = new List<ScheduleView>();
        while (await reader.ReadAsync(cancellation))
        {
            schedules.Add(Read(reader));
        }

        return schedules;
    }

    public async Task<ScheduleView?> ChangeAsync(ScheduleScope scope, string id, ScheduleChange change, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var update = session.Command(
            $"""
            UPDATE agentsystem.schedules SET name = coalesce($4, name), cron = coalesce($5, cron), enabled = coalesce($7, enabled),
                run = CASE WHEN $6::text IS NULL THEN run ELSE jsonb_set(run, ARRAY['input'], to_jsonb($6::text)) END,
                next_at = CASE WHEN NOT coalesce($7, enabled) THEN NULL WHEN $5::text IS NULL AND $7::bool IS NULL THEN next_at ELSE $8 END,
                last_error = CASE WHEN $7 THEN NULL ELSE last_error END
            WHERE {Mine} RETURNING {Columns}
            """,
            scope.Tenant, id, Text(scope.User), Text(change.Name), Text(change.Cron), Text(change.Input),
            new NpgsqlParameter { Value = (object?)change.Enabled ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean }, Moment(change.NextAt));
        var changed = await OneAsync(update, cancellation);
        await session.CommitAsync(cancellation);
        return changed;
    }

    public async Task<bool> DeleteAsync(ScheduleScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var delete = session.Command($"DELETE FROM agentsystem.schedules WHERE {Mine}", scope.Tenant, id, Text(scope.User));
        var found = await delete.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<IReadOnlyList<DueSchedule>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT * FROM agentsystem.due_schedules($1, $2)", now, most);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var due = new List<DueSchedule>();
        while (await reader.ReadAsync(cancellation))
        {
            due.Add(new DueSchedule(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), StoredJson.Read<ScheduledRun>(reader.GetString(3)), reader.GetFieldValue<DateTimeOffset>(4), reader.GetBoolean(5)));
        }

        return due;
    }

    public async Task<bool> AdvanceAsync(DueSchedule tick, TickOutcome outcome, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tick.Tenant, cancellation);
        // The time itself is the fence: whoever comes second finds another one there.
        await using var update = session.Command(
            """
            UPDATE agentsystem.schedules SET next_at = CASE WHEN $7 THEN NULL ELSE $4 END, enabled = enabled AND NOT $7, last_at = $3, last_run_id = coalesce($5, last_run_id), last_error = $6
            WHERE tenant_id = $1 AND id = $2 AND next_at = $3
            """,
            tick.Tenant, tick.Id, tick.Tick, Moment(outcome.NextAt), Text(outcome.RunId), Text(outcome.Error), outcome.Disable);
        var mine = await update.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return mine;
    }

    private static async Task<ScheduleView?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static ScheduleView Read(NpgsqlDataReader row)
    {
        var run = StoredJson.Read<ScheduledRun>(row.GetString(3));
        return new ScheduleView(
            row.GetString(0), row.GetString(1), row.GetString(2), run.Agent, run.Input, run.ThreadId, ThreadUser.Shown(row.GetString(4)), run.OnConflict, run.BudgetUsd, run.Webhook, row.GetBoolean(5),
            MomentOf(row, 6), MomentOf(row, 7), row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9), row.GetFieldValue<DateTimeOffset>(10));
    }

    private static DateTimeOffset? MomentOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Moment(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
