namespace AgentSystem.Contracts.Agents;

/// <summary>An agent as <c>GET /api/v1/agents</c> shows it: its active version, without the instructions.</summary>
/// <param name="LatestVersion">The newest version, which may wait to be activated.</param>
/// <param name="UpdatedAt">When the newest version was made.</param>
/// <param name="Archived">Whether it is put away; only <c>?archived=true</c> lists those, and nothing else.</param>
public sealed record AgentView(
    string Name,
    int Version,
    string Type,
    string Specialization,
    string Description,
    string Model,
    IReadOnlyList<string> Tools,
    AgentLimits Limits,
    int? LatestVersion = null,
    DateTimeOffset? UpdatedAt = null,
    bool Archived = false);
