namespace AgentSystem.AppHost.Embedded.Postgres;

/// <summary>How an embedded PostgreSQL server is started.</summary>
public sealed class EmbeddedPostgresOptions
{
    /// <summary>The variable that names the one folder to take PostgreSQL's programs from.</summary>
    public const string BinariesVariable = "AGENTSYSTEM_POSTGRES_BIN";

    /// <summary>The folder under which the server keeps its files, in a sub-folder <c>postgres</c>. Made when absent.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The database that the connection string names; made when absent.</summary>
    public string Database { get; init; } = "agentsystem";

    /// <summary>True: an acknowledged commit survives a power cut. False: fast and forgetful, for tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// The only folder to take PostgreSQL's programs from. Null or empty: the PATH and the places where packages put them.
    /// </summary>
    public string? BinariesFolder { get; init; } = Environment.GetEnvironmentVariable(BinariesVariable);
}
