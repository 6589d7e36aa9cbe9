using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>One lock for both planes' migrations, so that hosts that start together migrate one after the other.</summary>
public static class SchemaLock
{
    // An arbitrary constant; every version of every host must use the same one.
    private const long AdvisoryKey = 0x41_47_45_4E_54_53_59_53;

    /// <summary>Runs <paramref name="steps"/> in their order while this process holds the database's schema lock. Waits until it is free or <paramref name="cancellation"/> fires.</summary>
    public static async Task RunAsync(NpgsqlDataSource source, CancellationToken cancellation, params IReadOnlyList<Func<CancellationToken, Task>> steps)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(steps);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        // Taken in a transaction: it is released with it, whatever happens to this process or a pooler in between.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction))
        {
            take.CommandTimeout = 0;
            take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = AdvisoryKey });
            await take.ExecuteNonQueryAsync(cancellation);
        }

        foreach (var step in steps)
        {
            await step(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }
}
