using AgentSystem.Runtime.State;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>
/// Proves that the server that was just read still leads: it commits something empty and waits until the quorum confirms it. A server that was replaced gets no confirmation,
/// because the standbys that could give it follow the new one; so a value read before the proof began was not outdated by an update acknowledged elsewhere.
/// A single server cannot be replaced, and needs no proof. Readers that come together share one.
/// </summary>
internal sealed class QuorumFence
{
    private readonly RuntimeDatabase database;
    private readonly SessionRules rules;
    private readonly GroupCommit<bool, bool> shared;

    public QuorumFence(RuntimeDatabase database, SessionRules rules, TimeProvider time)
    {
        (this.database, this.rules) = (database, rules);
        // A reader joins a proof that begins after its read, never one under way: that is what a group's next batch is.
        shared = new GroupCommit<bool, bool>(CommitAsync, new GroupSettings(int.MaxValue, long.MaxValue, int.MaxValue, TimeSpan.Zero), time);
    }

    /// <summary>Returns when the proof is there.</summary>
    /// <exception cref="NpgsqlException">It did not come in time.</exception>
    public Task ProveAsync(CancellationToken cancellation) => shared.Add(true, 0, cancellation)!;

    private async Task<IReadOnlyList<bool>> CommitAsync(IReadOnlyList<bool> readers)
    {
        await using var session = await database.OpenWithoutTenantAsync(CancellationToken.None);
        var warned = false;
        session.Connection.Notice += (_, notice) => warned |= notice.Notice.InvariantSeverity == "WARNING";
        await using (var begin = session.Command(SessionSql.Begin, "on"))
        {
            await using var reader = await begin.ExecuteReaderAsync();
            await reader.ReadAsync();
            if (SynchronousStandbys.Confirming(reader.GetString(1)) == 0)
            {
                return [.. readers];
            }
        }

        // A transaction that writes nothing does not wait for anybody; a message in the log is the least that counts as writing.
        await using (var message = session.Command("SELECT pg_logical_emit_message(true, 'agentsystem', '')"))
        {
            await message.ExecuteNonQueryAsync();
        }

        await using var commit = session.Command("COMMIT");
        commit.CommandTimeout = rules.Options.QuorumSeconds;
        await commit.ExecuteNonQueryAsync();
        return warned ? throw new NpgsqlException("The server stopped waiting for its standbys.") : [.. readers];
    }
}
