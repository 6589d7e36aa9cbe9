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

    /// <summary>Longest a batch waits for those who were just answered to come again.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(1);

    private readonly RuntimeDatabase database;
    private readonly GroupCommit<RunWrite, object?>[] lanes;

    public RunWriter(RuntimeDatabase database, TimeProvider time)
    {
        this.database = database;
        // Nothing is turned away here: whoever writes holds a run or has been let in, and both are bounded where they begin.
        var settings = new GroupSettings(MostWrites, MostCharacters, int.MaxValue, Linger);
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

    /// <summary>Begins, writes and commits in one round trip.</summary>
    private async Task<IReadOnlyList<object?>> CommitAsync(IReadOnlyList<RunWrite> writes)
    {
        await using var session = await database.OpenLeanAsync([.. writes.Select(static write => write.Tenant).Distinct(StringComparer.Ordinal)], CancellationToken.None);
        var waves = RunWaves.Of(writes);
        await using var batch = session.Whole(waves.Select(static wave => wave.Command));
        await batch.PrepareAsync();
        var results = new object?[writes.Count];
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var (_, places) in waves)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var place = places.Count == 1 ? places[0] : reader.GetInt32(0);
                results[place] = writes[place].Read(reader);
            }
        }

        // What stands before the answer to the commit is read is not acknowledged yet: a commit that fails throws here.
        while (await reader.NextResultAsync())
        {
        }

        return results;
    }
}
