namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>Where the development authority of this machine is.</summary>
internal static class MeshFolder
{
    /// <summary>The variable of the data folder, as the AppHost has it.</summary>
    private const string DataVariable = "AGENTSYSTEM_DATA";

    /// <summary>The folder, absolute.</summary>
    public static string Of(MeshTlsOptions options) =>
        Path.GetFullPath(options.Folder ?? Path.Combine(Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } data ? data : ".agentsystem", "roles"));
}
