using System.Text.Json.Nodes;

namespace AgentSystem.Contracts.Agents;

/// <summary>One whole version of an agent: the answer to creating, getting and changing one. The answer's <c>ETag</c> changes with every change of the agent, archiving included; send it back as it is, as <c>If-Match</c>.</summary>
/// <param name="ActiveVersion">The version that answers calls.</param>
/// <param name="LatestVersion">The newest version.</param>
/// <param name="CreatedAt">When this version was made.</param>
/// <param name="CreatedBy">Name of the key that made it; <c>platform</c> for seeded ones.</param>
/// <param name="Fallbacks">Models to try when <paramref name="Model"/> cannot answer; empty: none; null: the model's own configured order.</param>
/// <param name="Archived">Whether the agent is put away: it answers nobody until a version is activated.</param>
public sealed record AgentVersionView(
    string Name,
    int Version,
    int ActiveVersion,
    int LatestVersion,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    string Type,
    string Specialization,
    string Description,
    string Model,
    IReadOnlyList<string>? Fallbacks,
    string Instructions,
    IReadOnlyList<string> Tools,
    JsonObject Memory,
    JsonObject Planning,
    AgentQuality Quality,
    JsonObject Security,
    AgentLimits Limits,
    AgentScaling Scaling,
    AgentResources Resources,
    string? ContainerImage,
    bool Archived = false);
