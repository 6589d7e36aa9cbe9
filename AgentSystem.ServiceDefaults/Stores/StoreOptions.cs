using System.ComponentModel.DataAnnotations;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>
/// How long a store may be silent before a caller is told so. A connection string that says the same itself (Npgsql's <c>Timeout</c> and <c>Command Timeout</c>) wins. Section <c>Stores</c>.
/// </summary>
public sealed class StoreOptions
{
    /// <summary>Where they stand in the configuration.</summary>
    public const string Section = "Stores";

    /// <summary>How long PostgreSQL may take to accept a connection, and a caller waits for a free one of the pool. Also the most a cancelled statement blocks a thread where the network swallows everything.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PostgresConnect { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long PostgreSQL may be silent during one statement; after that the caller is answered 503.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan PostgresAnswer { get; set; } = TimeSpan.FromSeconds(15);
}
