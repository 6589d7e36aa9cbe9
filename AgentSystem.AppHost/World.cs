using System.Reflection;

namespace AgentSystem.AppHost;

/// <summary>Which of the two worlds this was built for, and why; eng/Aspire.props decides it and the project file writes it into the assembly.</summary>
internal static class World
{
    /// <summary><c>aspire</c> or <c>direct</c>.</summary>
    public static string Name => Read("World");

    public static string Reason => Read("WorldReason");

    private static string Read(string key) =>
        typeof(World).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value ?? "unknown";
}
