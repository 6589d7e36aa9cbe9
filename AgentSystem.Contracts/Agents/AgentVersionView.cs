using System.Text.Json.Nodes;

namespace AgentSystem.Contracts.Agents;

/// <summary>One whole version of an agent: the answer to creating, getting and changing one. Its ETag is <c>"v&lt;active version&gt;-&lt;latest version&gt;"</c>: it changes with every change of the agent.</summary>
/// <param name="ActiveVersion">The version that answers calls.</param>
/// <param name="LatestVersion">The newest version.</param>
/// <param name="CreatedAt">When this version was made.</param>
/// <param name="CreatedBy">Name of the key that made it; <c>platform</c> for seeded ones.</param>
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
    IReadOnlyList<string> Fallbacks,
    string Instructions,
    IReadOnlyList<string> Tools,
    JsonObject Memory,
    JsonObject Planning,
    AgentQuality Quality,
    JsonObject Security,
    AgentLimits Limits,
    AgentScaling Scaling,
    AgentResources Resources,
    string? ContainerImage);
