using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Threads.Postgres;

/// <summary>Reads rows of threads and messages, and gives parameters that may be null their type.</summary>
internal static class ThreadRows
{
    public const string Columns = "id, agent, user_name, title, metadata::text, messages, created_at, updated_at";

    /// <summary>How many <see cref="Columns"/> are.</summary>
    public const int ThreadColumns = 8;

    public const string MessageColumns = "number, role, text, calls::text, call_id, request_id, agent, at, cut";

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Number(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Moment(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static async Task<ThreadView?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Thread(reader) : null;
    }

    /// <summary>A thread and whose it is, as runs name it.</summary>
    public static async Task<(ThreadView Thread, string User)?> OwnedAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (Thread(reader), reader.GetString(2)) : null;
    }

    public static ThreadView Thread(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        Nullable(reader, 1),
        ThreadUser.Shown(reader.GetString(2)),
        Nullable(reader, 3),
        StoredJson.Read<Dictionary<string, string>>(reader.GetString(4)),
        reader.GetInt32(5),
        reader.GetFieldValue<DateTimeOffset>(6),
        reader.GetFieldValue<DateTimeOffset>(7));

    public static async Task<List<MessageView>> MessagesAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var messages = new List<MessageView>();
        while (await reader.ReadAsync(cancellation))
        {
            messages.Add(new MessageView(
                reader.GetInt32(0),
                reader.GetString(1),
                reader.GetString(2),
                StoredJson.Read<List<MessageCall>>(reader.GetString(3)),
                Nullable(reader, 4),
                Nullable(reader, 5),
                Nullable(reader, 6),
                reader.GetFieldValue<DateTimeOffset>(7),
                reader.GetBoolean(8)));
        }

        return messages;
    }

    private static string? Nullable(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
