using System.Text.Json.Nodes;

namespace AgentSystem.Contracts.Agents;

/// <summary>Body of <c>POST /api/v1/agents</c>, and of <c>POST /api/v1/agents/{name}/versions</c>, where the name must be the path's. Members mean what they mean in <see cref="AgentDefinition"/>.</summary>
public sealed record CreateAgent(
    string Name,
    string Model,
    string Instructions,
    string? Type = null,
    string? Specialization = null,
    string? Description = null,
    IReadOnlyList<string>? Tools = null,
    IReadOnlyList<string>? Fallbacks = null,
    JsonObject? Memory = null,
    JsonObject? Planning = null,
    AgentQuality? Quality = null,
    JsonObject? Security = null,
    AgentLimits? Limits = null,
    AgentScaling? Scaling = null,
    AgentResources? Resources = null,
    string? ContainerImage = null);
