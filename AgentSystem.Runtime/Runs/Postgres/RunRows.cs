using System.Text.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Reads rows of runs, steps and events, and writes the words their columns hold.</summary>
internal static class RunRows
{
    public const string Columns =
        "id, tenant_id, user_name, agent, agent_version, thread_id, input, status, output, error::text, attempts, priority, input_tokens, output_tokens, cost_usd, "
        + "budget_usd, webhook, forked_from, fork_step, schedule_id, caller::text, created_at, started_at, finished_at, dead_at, begins_thread, thread_messages, used, token, "
        + "parent_run_id, depth, limits_above::text";

    public const string StepColumns =
        "index, key, kind, name, status, result, call_id, effect, arguments, arguments_hash, decision::text, attempts, input_tokens, output_tokens, cost_usd, started_at, finished_at";

    /// <summary>How many <see cref="Columns"/> are.</summary>
    public const int RunColumns = 32;

    private const int CallerColumn = 20;

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static T Value<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Number(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Usd(decimal? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Numeric };

    public static NpgsqlParameter Moment(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Json<T>(T? value)
        where T : class => new() { Value = value is null ? DBNull.Value : StoredJson.Write(value), NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static async Task<RunRecord?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Run(reader) : null;
    }

    public static async Task<List<RunRecord>> ManyAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<RunRecord>();
        while (await reader.ReadAsync(cancellation))
        {
            runs.Add(Run(reader));
        }

        return runs;
    }

    public static async Task<List<RunStep>> StepsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var steps = new List<RunStep>();
        while (await reader.ReadAsync(cancellation))
        {
            steps.Add(Step(reader));
        }

        return steps;
    }

    public static RunRecord Run(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Tenant = reader.GetString(1),
        User = reader.GetString(2),
        Agent = reader.GetString(3),
        AgentVersion = Integer(reader, 4),
        ThreadId = String(reader, 5),
        Input = reader.GetString(6),
        Status = Value<RunStatus>(reader.GetString(7)),
        Output = String(reader, 8),
        Error = String(reader, 9) is { } error ? StoredJson.Read<RunError>(error) : null,
        Attempts = reader.GetInt32(10),
        Priority = reader.GetInt32(11),
        InputTokens = reader.GetInt64(12),
        OutputTokens = reader.GetInt64(13),
        CostUsd = reader.GetDecimal(14),
        BudgetUsd = reader.IsDBNull(15) ? null : reader.GetDecimal(15),
        Webhook = String(reader, 16),
        ForkedFrom = String(reader, 17),
        ForkStep = Integer(reader, 18),
        ScheduleId = String(reader, 19),
        KeyId = Caller(reader).KeyId,
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(21),
        StartedAt = Time(reader, 22),
        FinishedAt = Time(reader, 23),
        DeadAt = Time(reader, 24),
        ParentId = String(reader, 29),
        Depth = reader.GetInt32(30),
        LimitsAbove = StoredJson.Read<RunCap[]>(reader.GetString(31)),
    };

    /// <summary>The same row as its new holder needs it.</summary>
    public static HeldRun Held(NpgsqlDataReader reader)
    {
        var run = Run(reader);
        return new HeldRun(
            new RunLease(run.Tenant, run.Id, reader.GetInt64(28)), run, Caller(reader), reader.GetBoolean(25), Integer(reader, 26), reader.GetFieldValue<TimeSpan>(27));
    }

    private static Caller Caller(NpgsqlDataReader reader) => StoredJson.Read<Caller>(reader.GetString(CallerColumn));

    private static RunStep Step(NpgsqlDataReader reader) => new()
    {
        Index = reader.GetInt32(0),
        Key = reader.GetString(1),
        Kind = Value<StepKind>(reader.GetString(2)),
        Name = reader.GetString(3),
        Status = Value<StepStatus>(reader.GetString(4)),
        Result = String(reader, 5),
        Call = String(reader, 6) is { } id
            ? new ToolCallEntry(
                id, Value<ToolEffect>(reader.GetString(7)), reader.GetString(8), reader.GetString(9), String(reader, 10) is { } decision ? StoredJson.Read<CallDecision>(decision) : null)
            : null,
        Attempts = reader.GetInt32(11),
        InputTokens = reader.GetInt64(12),
        OutputTokens = reader.GetInt64(13),
        CostUsd = reader.GetDecimal(14),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(15),
        FinishedAt = Time(reader, 16),
    };

    private static string? String(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static int? Integer(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
