using System.Runtime.ExceptionServices;
using AgentSystem.Runtime.State;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>
/// Commits the writes that come together in one transaction, so that many runs pay for one flush of the log and wait once for the lock under which PostgreSQL
/// commits notifications. Each write still checks its own token and has its own result, and none is acknowledged before the commit stands.
/// The writes of one run are made in the order they came.
/// </summary>
internal sealed class RunWriter
{
    /// <summary>While one batch is flushed the other is executed. Runs stay with theirs.</summary>
    private const int Lanes = 2;

    private const int MostWrites = 256;
    private const long MostCharacters = 4 * 1024 * 1024;
    private const int MostAttempts = 8;

    private readonly RuntimeDatabase database;
    private readonly GroupCommit<RunWrite, object?>[] lanes;

    public RunWriter(RuntimeDatabase database, TimeProvider time)
    {
        this.database = database;
        // Nothing is turned away here: whoever writes holds a run or has been let in, and both are bounded where they begin.
        var settings = new GroupSettings(MostWrites, MostCharacters, int.MaxValue, TimeSpan.Zero);
        lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new GroupCommit<RunWrite, object?>(FlushAsync, settings, time))];
    }

    /// <summary>The write's result, after its commit; null when the statement gave no row. A write whose caller has gone is still made if its batch has begun.</summary>
    /// <exception cref="PostgresException">This write cannot be kept; those beside it were.</exception>
    public async Task<object?> WriteAsync(RunWrite write, CancellationToken cancellation)
    {
        var result = await Lane(write.RunId).Add(write, write.Weight, cancellation)!;
        if (result is PostgresException refusal)
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        return result;
    }

    private GroupCommit<RunWrite, object?> Lane(string run) => lanes[(uint)run.GetHashCode(StringComparison.Ordinal) % Lanes];

    private async Task<IReadOnlyList<object?>> FlushAsync(IReadOnlyList<RunWrite> writes)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CommitAsync(writes);
            }
            catch (PostgresException refusal) when (IsAboutARow(refusal) && writes.Count > 1)
            {
                return await OneByOneAsync(writes);
            }
            catch (PostgresException clash) when (clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MostAttempts)
            {
                // Nothing was kept; the same again.
            }
        }
    }

    /// <summary>Classes 22 (data) and 23 (constraint): one write cannot be kept, and the others must not fall with it.</summary>
    private static bool IsAboutARow(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal);

    private async Task<IReadOnlyList<object?>> OneByOneAsync(IReadOnlyList<RunWrite> writes)
    {
        var results = new object?[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            try
            {
                results[i] = (await FlushAsync([writes[i]]))[0];
            }
            catch (PostgresException refusal) when (IsAboutARow(refusal))
            {
                results[i] = refusal;
            }
        }

        return results;
    }

    private async Task<IReadOnlyList<object?>> CommitAsync(IReadOnlyList<RunWrite> writes)
    {
        await using var session = await database.OpenBatchAsync([.. writes.Select(static write => write.Tenant).Distinct(StringComparer.Ordinal)], CancellationToken.None);
        var results = new object?[writes.Count];
        if (writes.Count > 1 && writes[0].Statement is { Many: { } many } && writes.All(write => write.Statement == writes[0].Statement) && writes.DistinctBy(static write => write.RunId).Count() == writes.Count)
        {
            await using var command = session.Command(many, RunWrite.Columns(writes));
            await command.PrepareAsync();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                results[reader.GetInt32(0)] = reader.GetInt32(0);
            }
        }
        else
        {
            await ExecuteAsync(session, writes, results);
        }

        await session.CommitAsync(CancellationToken.None);
        return results;
    }

    private static async Task ExecuteAsync(TenantSession session, IReadOnlyList<RunWrite> writes, object?[] results)
    {
        // Everybody locks rows in the same order, so that two processes do not wait for each other; a run's own writes keep theirs.
        var order = Enumerable.Range(0, writes.Count).OrderBy(i => writes[i].Tenant, StringComparer.Ordinal).ThenBy(i => writes[i].RunId, StringComparer.Ordinal).ToList();
        await using var batch = session.Batch();
        foreach (var index in order)
        {
            batch.BatchCommands.Add(TenantSession.Part(writes[index].Statement.One, writes[index].Values));
        }

        await batch.PrepareAsync();
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var index in order)
        {
            results[index] = await reader.ReadAsync() ? writes[index].Read(reader) : null;
            await reader.NextResultAsync();
        }
    }
}
