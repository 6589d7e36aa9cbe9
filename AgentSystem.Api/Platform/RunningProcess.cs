using System.Diagnostics;
using System.Reflection;

namespace AgentSystem.Api.Platform;

/// <summary>What this process is: its version, its world, and since when it runs.</summary>
internal sealed class RunningProcess(IConfiguration configuration)
{
    /// <summary>The version this was built as.</summary>
    public string Version { get; } = typeof(RunningProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary><c>standalone</c>, <c>aspire</c> or <c>kubernetes</c>, as whoever started it says; <c>host</c> when nobody did.</summary>
    public string World { get; } = configuration["World"] is { Length: > 0 } told ? told : "host";

    /// <summary>When the process started, which can be before this host did.</summary>
    public DateTimeOffset StartedAt { get; } = Started();

    private static DateTimeOffset Started()
    {
        using var process = Process.GetCurrentProcess();
        return process.StartTime.ToUniversalTime();
    }
}
