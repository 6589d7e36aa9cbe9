namespace AgentSystem.Contracts.Agents;

/// <summary>An agent as <c>GET /api/v1/agents</c> shows it.</summary>
public sealed record AgentView(string Name, int Version, string Type, string Specialization, string Description, string Model, IReadOnlyList<string> Tools, AgentLimits Limits);
