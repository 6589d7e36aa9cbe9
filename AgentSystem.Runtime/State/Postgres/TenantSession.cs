using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>One transaction of one tenant. What is not committed is rolled back when it is disposed.</summary>
internal sealed class TenantSession(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>The connection, for COPY and the server's notices; everything else goes through <see cref="Command"/> and <see cref="Batch"/>.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>
    /// What must come first in the first batch of a session of <see cref="RuntimeDatabase.OpenLeanAsync"/>: it sets role and tenants, and gives one row. Null in every other session.
    /// </summary>
    public NpgsqlBatchCommand? Enter { get; init; }

    /// <summary>Ends the transaction where it is the last of a batch, in the round trip of that batch; it is not reached when one before it fails.</summary>
    public static NpgsqlBatchCommand Commit() => new("COMMIT");

    /// <summary>A whole transaction of a session of <see cref="RuntimeDatabase.OpenLeanAsync"/> in one round trip. Its first answer is that of <see cref="Enter"/>; what it says holds when all answers have been read without an exception.</summary>
    public NpgsqlBatch Whole(IEnumerable<NpgsqlBatchCommand> commands)
    {
        var batch = Batch();
        foreach (var command in commands.Prepend(Enter!).Append(Commit()))
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    /// <summary>A command in this transaction; parameters are positional (<c>$1</c>, ...).</summary>
    public NpgsqlCommand Command(string sql, params IReadOnlyList<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(Parameter(value));
        }

        return command;
    }

    /// <summary>Several commands in one round trip of this transaction.</summary>
    public NpgsqlBatch Batch() => new(connection, transaction);

    /// <summary>A command of a <see cref="Batch"/>. Its values may be used again, for another try.</summary>
    public static NpgsqlBatchCommand Part(string sql, IReadOnlyList<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            // A parameter belongs to one command.
            command.Parameters.Add(Parameter(value is NpgsqlParameter parameter ? parameter.Clone() : value));
        }

        return command;
    }

    public Task CommitAsync(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        NpgsqlParameter parameter => parameter,
        // timestamptz takes UTC only.
        DateTimeOffset at => new NpgsqlParameter { Value = at.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
        IReadOnlyList<string> list => new NpgsqlParameter { Value = list.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        _ => new NpgsqlParameter { Value = value ?? DBNull.Value },
    };
}
