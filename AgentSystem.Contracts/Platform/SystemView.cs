namespace AgentSystem.Contracts.Platform;

/// <summary>What runs here: <c>GET /api/v1/system</c>.</summary>
/// <param name="World"><c>standalone</c> (one process, embedded stores), <c>aspire</c>, <c>kubernetes</c> or <c>host</c> (started by itself).</param>
/// <param name="Environment">The host's environment name, e.g. <c>Production</c>.</param>
/// <param name="Roles">What this process serves.</param>
/// <param name="Stores">The stores it speaks to, and whether they answer.</param>
/// <param name="Settings">Every setting of the options classes, and what is set of models and connection strings; secrets are masked.</param>
public sealed record SystemView(
    string Version,
    string World,
    string Environment,
    string Instance,
    string Runtime,
    DateTimeOffset StartedAt,
    IReadOnlyList<string> Roles,
    IReadOnlyList<Monitoring.ComponentHealth> Stores,
    IReadOnlyList<SettingView> Settings);

/// <summary>One setting in force.</summary>
/// <param name="Name">As it is written in the configuration, e.g. <c>Caching:Enabled</c>.</param>
/// <param name="Value">Its value; <c>***</c> for a secret.</param>
/// <param name="Source"><c>default</c>, <c>environment</c>, <c>file</c>, <c>command_line</c>, or <c>host</c>: set by the process that surrounds it.</param>
/// <param name="Meaning">One sentence.</param>
public sealed record SettingView(string Name, string Value, string Source, string Meaning);
