using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime;
using AgentSystem.Runtime.Mesh;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Startup;

namespace AgentSystem.Workers.Reasoning;

/// <summary>Makes a process serve the role <c>reasoning</c>: it claims queued runs and executes them, with the same data plane and the same settings as the API.</summary>
internal static class ReasoningHostExtensions
{
    // As the API's: runs come to a border between steps within half of it and are handed back.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);

    /// <summary>The sections of the settings that the role reads.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
        [.. DataPlaneSettings.Sections.Select(static section => new SettingsSection(section.Key, section.Value)), new("Prices", typeof(PriceOptions))];

    /// <summary>Adds the models and the data plane.</summary>
    public static void AddReasoning(this WebApplicationBuilder builder, MeshPlan plan)
    {
        builder.AddInference(plan.IsElsewhere(RoleNames.Inference));
        builder.Services.AddDataPlane(builder.Configuration, plan);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }

    /// <summary>Every mistake in what the role reads, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration) =>
        [.. DataPlaneSettings.Check(configuration), .. SettingsSections.Check(configuration, Sections), .. InferenceHostExtensions.CheckInference(configuration)];
}
