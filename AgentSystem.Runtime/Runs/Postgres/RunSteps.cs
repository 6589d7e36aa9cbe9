using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>
/// What the holder of a run writes while it goes on, in one statement for many runs: a step ends, the next begins, a piece of an answer is told; any of the three or all of them.
/// As every write it begins by updating the run's row where the token is still the holder's, once, whatever it writes then.
/// </summary>
internal static class RunSteps
{
    /// <summary>
    /// Tenant, run, token; a step's index, whether it ends, its result, the piece told (empty: none), who answered, tokens read and written, USD;
    /// whether one begins, its key, kind, name, call, effect, arguments, their hash, and how it stands. Gives the index of what began, or else of the other.
    /// </summary>
    public static RunStatement Statement { get; } = new(
        Sql,
        [
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint,
            NpgsqlDbType.Integer, NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Numeric,
            NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text,
        ]);

    /// <summary>The values of a write.</summary>
    /// <param name="lease">The right to it.</param>
    /// <param name="end">The step that ends.</param>
    /// <param name="begin">The step that begins.</param>
    /// <param name="delta">The piece that is told of a step that goes on; not together with an end, which brings its own.</param>
    public static RunWrite Write(RunLease lease, StepEnd? end, StepBegin? begin, (int Index, string Text)? delta = null) => RunWrite.Number(
        lease.Tenant, lease.RunId, Statement,
        [
            lease.Tenant, lease.RunId, lease.Token,
            end?.Index ?? delta?.Index ?? 0, end is not null, end?.Result, end?.Delta ?? delta?.Text ?? "", end?.Name, end?.InputTokens ?? 0, end?.OutputTokens ?? 0, end?.CostUsd ?? 0m,
            begin is not null, begin?.Key, begin is null ? null : RunRows.Word(begin.Kind), begin?.Name, begin?.Call?.Id, begin?.Call is { } call ? RunRows.Word(call.Effect) : null,
            begin?.Call?.Arguments, begin?.Call?.ArgumentsHash, begin?.Call is null ? "running" : "started",
        ]);

    // A step that is begun again keeps its place; what a person decided about it stays readable. Events are numbered in the order piece, end, begin.
    private const string Sql = """
        WITH wanted AS (
            SELECT new.*, old.index AS known
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
                AS new (tenant_id, run_id, token, index, ends, result, delta, answered_by, input_tokens, output_tokens, cost_usd, begins, key, kind, name, call_id, effect, arguments, arguments_hash, status, place)
            LEFT JOIN agentsystem.run_steps AS old ON new.begins AND old.tenant_id = new.tenant_id AND old.run_id = new.run_id AND old.key = new.key
        ), held AS (
            UPDATE agentsystem.runs AS run SET seen_at = clock_timestamp(),
                events = run.events + (wanted.delta <> '')::int + wanted.ends::int + wanted.begins::int,
                steps = run.steps + (wanted.begins AND wanted.known IS NULL)::int,
                attempts = CASE WHEN wanted.ends THEN 0 ELSE run.attempts END,
                input_tokens = run.input_tokens + wanted.input_tokens, output_tokens = run.output_tokens + wanted.output_tokens, cost_usd = run.cost_usd + wanted.cost_usd
            FROM wanted WHERE run.tenant_id = wanted.tenant_id AND run.id = wanted.run_id AND run.token = wanted.token AND run.status = 'running'
            RETURNING wanted.*, run.events AS told, run.steps AS last
        ), ended AS (
            UPDATE agentsystem.run_steps AS step SET status = 'done', result = held.result, name = coalesce(held.answered_by, step.name), finished_at = clock_timestamp(),
                input_tokens = held.input_tokens, output_tokens = held.output_tokens, cost_usd = held.cost_usd
            FROM held WHERE held.ends AND step.tenant_id = held.tenant_id AND step.run_id = held.run_id AND step.index = held.index
            RETURNING held.place, step.tenant_id, step.run_id, held.told - held.begins::int AS number, step.index, step.kind, step.name, step.started_at, held.input_tokens, held.output_tokens, held.cost_usd
        ), begun AS (
            INSERT INTO agentsystem.run_steps AS step (tenant_id, run_id, index, key, kind, name, status, call_id, effect, arguments, arguments_hash, started_at)
            SELECT held.tenant_id, held.run_id, coalesce(held.known, held.last), held.key, held.kind, held.name, held.status, held.call_id, held.effect, held.arguments, held.arguments_hash, clock_timestamp()
            FROM held WHERE held.begins
            ON CONFLICT (tenant_id, run_id, key) DO UPDATE SET status = excluded.status, name = excluded.name, arguments = excluded.arguments, arguments_hash = excluded.arguments_hash,
                attempts = step.attempts + CASE WHEN step.status = 'planned' THEN 0 ELSE 1 END
            RETURNING tenant_id, run_id, index, kind, name, attempts
        ), told AS (
            INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at)
            SELECT held.tenant_id, held.run_id, held.told - held.ends::int - held.begins::int, 'message.delta', json_build_object('index', held.index, 'text', held.delta)::text, clock_timestamp()
            FROM held WHERE held.delta <> ''
            UNION ALL
            SELECT ended.tenant_id, ended.run_id, ended.number, 'step.finished', json_build_object('index', ended.index, 'kind', ended.kind, 'name', ended.name, 'status', 'done',
                'duration_ms', round(extract(epoch FROM clock_timestamp() - ended.started_at) * 1000, 3),
                'input_tokens', ended.input_tokens, 'output_tokens', ended.output_tokens, 'cost_usd', ended.cost_usd)::text, clock_timestamp()
            FROM ended
            UNION ALL
            SELECT held.tenant_id, held.run_id, held.told, 'step.started', json_build_object('index', begun.index, 'kind', begun.kind, 'name', begun.name, 'attempt', begun.attempts)::text, clock_timestamp()
            FROM held JOIN begun USING (tenant_id, run_id) WHERE held.begins
        ), notified AS (SELECT count(pg_notify('agentsystem_run_changed', held.run_id)) FROM held)
        SELECT held.place, coalesce(begun.index, held.index) FROM notified, held LEFT JOIN begun USING (tenant_id, run_id)
        """;
}
