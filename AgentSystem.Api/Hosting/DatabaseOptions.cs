namespace AgentSystem.Api.Hosting;

/// <summary>What a host does with the database at start. Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Brings the tables up to date before the host serves. Off where a job does it: then the host only checks, and is not ready on another schema.</summary>
    public bool MigrateOnStart { get; set; } = true;
}
