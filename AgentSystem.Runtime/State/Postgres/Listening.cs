using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>
/// Waits for notifications and asks now and then whether anybody is there: where the network swallows everything, a connection that only listens would be deaf for ever, without an error.
/// </summary>
internal static class Listening
{
    /// <summary>How long nothing may be heard before the server is asked.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(10);

    /// <summary>How long that may take, in seconds.</summary>
    private const int AnswerSeconds = 5;

    /// <summary>Returns when something was heard, or when the server has shown that it is there.</summary>
    /// <exception cref="NpgsqlException">It is not; the connection is of no use any more.</exception>
    public static Task WaitAsync(NpgsqlConnection connection, CancellationToken stopping) => WaitAsync(connection, Doubt, AnswerSeconds, stopping);

    /// <summary>The same with times of one's own.</summary>
    internal static async Task WaitAsync(NpgsqlConnection connection, TimeSpan doubt, int answerSeconds, CancellationToken stopping)
    {
        if (!await connection.WaitAsync(doubt, stopping))
        {
            await using var ask = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = answerSeconds };
            await ask.ExecuteScalarAsync(stopping);
        }
    }
}
