using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>
/// Finds out whether a commit stands whose answer was lost. It takes the lock of a row the transaction wrote: the lock is had only when that transaction has ended,
/// and then the row says who wrote last. What is found committed is confirmed by the quorum before anybody is told.
/// </summary>
internal sealed class LostCommit(RuntimeDatabase database, QuorumFence fence, TimeProvider time, SessionRules rules)
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    /// <summary>True for an exception that leaves the outcome open; an error the server reported means that nothing was kept, unless it reported its own end.</summary>
    public static bool IsOpen(Exception exception) =>
        exception is NpgsqlException and not PostgresException or IOException or TimeoutException or OperationCanceledException
        || exception is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "57014" };

    /// <summary>True: it stands. False: it does not and never will. Null: not known.</summary>
    /// <param name="written">A session the transaction wrote, at the version it gave it.</param>
    /// <param name="batch">The transaction's mark.</param>
    public async Task<bool?> FindAsync(SessionImage written, Guid batch)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < TimeSpan.FromSeconds(rules.Options.QuorumSeconds))
        {
            try
            {
                var stands = await LookAsync(written, batch);
                if (stands != true)
                {
                    return stands;
                }

                await fence.ProveAsync(CancellationToken.None);
                return true;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                // The server is restarting or another takes over; until the time is up it may answer yet.
                await Task.Delay(BetweenAttempts, time);
            }
        }

        return null;
    }

    private async Task<bool?> LookAsync(SessionImage written, Guid batch)
    {
        await using var session = await database.OpenAsync(written.Id.Tenant, CancellationToken.None);
        await using var select = session.Command(
            "SELECT version, batch FROM agentsystem.sessions WHERE tenant_id = $1 AND agent = $2 AND session = $3 FOR UPDATE",
            written.Id.Tenant, written.Id.Agent, written.Id.Session);
        select.CommandTimeout = rules.Options.QuorumSeconds;
        await using var reader = await select.ExecuteReaderAsync();
        if (!await reader.ReadAsync() || reader.GetInt64(0) < written.Version)
        {
            return false;
        }

        // Another one has written on top: whether of ours or instead of it cannot be seen any more.
        return reader.GetGuid(1) == batch ? true : null;
    }
}
