namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>Where tenants' tools are kept. What belongs to another tenant does not exist.</summary>
public interface IToolStore
{
    /// <summary>Tools by name, after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<ToolRecord>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellation);

    /// <summary>Those of these names there are.</summary>
    Task<IReadOnlyList<ToolRecord>> FindAsync(string tenant, IReadOnlyCollection<string> names, CancellationToken cancellation);

    /// <summary>The tools of a server or document, by name.</summary>
    Task<IReadOnlyList<ToolRecord>> OfSourceAsync(string tenant, string source, CancellationToken cancellation);

    /// <summary>Names of everything that can be named by an agent, sorted; at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> NamesAsync(string tenant, int limit, CancellationToken cancellation);

    /// <summary>Registers tools, all or none.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="tools">At least one; a server or document comes before its tools.</param>
    /// <param name="credentials">Those of the first; null: none.</param>
    /// <param name="most">Most tools the tenant may have afterwards.</param>
    /// <param name="by">Name of the key.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<ToolWrite> AddAsync(string tenant, IReadOnlyList<NewTool> tools, SealedHeaders? credentials, int most, string by, CancellationToken cancellation);

    /// <summary>Changes tools, all or none; <paramref name="added"/> are registered with them.</summary>
    Task<ToolWrite> ChangeAsync(string tenant, IReadOnlyList<ToolUpdate> changes, IReadOnlyList<NewTool> added, int most, string by, CancellationToken cancellation);

    /// <summary>Lets a version be called. The newest of a changed tool makes it active again; an older one does so only where no server says what the tool is.</summary>
    Task<ToolWrite> ApproveAsync(string tenant, string name, int version, string by, CancellationToken cancellation);

    /// <summary>Removes a tool; a server or document with its tools. False when there is none.</summary>
    Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellation);

    /// <summary>Versions below <paramref name="before"/>, the newest first; null when there is no such tool.</summary>
    Task<IReadOnlyList<ToolVersion>?> VersionsAsync(string tenant, string name, int before, int limit, CancellationToken cancellation);

    /// <summary>The sealed credentials of a tool; null: it has none.</summary>
    Task<byte[]?> CredentialsAsync(string tenant, string name, CancellationToken cancellation);
}
