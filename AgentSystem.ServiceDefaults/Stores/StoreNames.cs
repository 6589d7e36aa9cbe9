namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>The names of the stores: of their connection strings, their health checks and their resources in the Aspire model.</summary>
public static class StoreNames
{
    /// <summary>The truth.</summary>
    public const string Postgres = "postgres";

    /// <summary>Speed. Losing it loses nothing.</summary>
    public const string Redis = "redis";

    /// <summary>Vectors.</summary>
    public const string Qdrant = "qdrant";
}
