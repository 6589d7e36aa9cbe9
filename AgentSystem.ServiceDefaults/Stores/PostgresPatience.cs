using System.Data.Common;
using Npgsql;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>
/// Bounds the time that a network without a word can cost. Npgsql waits 30 seconds for an answer, then as long again as a connection may take to send its cancellation, twice where it tries GSS encryption first
/// (<c>NpgsqlConnector.DoCancelRequest</c>), and all of that on a thread of the pool.
/// </summary>
internal static class PostgresPatience
{
    private const int KeepAliveSeconds = 15;
    private const int KeepAliveIntervalSeconds = 5;

    /// <summary>The connection string with our times where it names none of its own.</summary>
    public static string Apply(string connectionString, StoreOptions options)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = connectionString };
        HashSet<string> names = [.. said.Keys.Cast<string>().Select(static name => name.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant())];
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!names.Contains("TIMEOUT"))
        {
            builder.Timeout = Seconds(options.PostgresConnect);
        }

        if (!names.Contains("COMMANDTIMEOUT"))
        {
            builder.CommandTimeout = Seconds(options.PostgresAnswer);
        }

        if (!names.Contains("GSSENCRYPTIONMODE"))
        {
            builder.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        // A server on this machine's own socket needs no such question, and the socket refuses it.
        var overNetwork = builder.Host?.Split(',').Any(static host => host.StartsWith('/')) != true;
        if (overNetwork && !names.Overlaps(["TCPKEEPALIVE", "TCPKEEPALIVETIME", "TCPKEEPALIVEINTERVAL", "KEEPALIVE"]))
        {
            // An idle connection to a machine that is gone is found out by the kernel, and not by the next caller.
            (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (true, KeepAliveSeconds, KeepAliveIntervalSeconds);
        }

        return builder.ConnectionString;
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Round(time.TotalSeconds));
}
