namespace AgentSystem.Contracts.Agents;

/// <summary>What one replica of an agent's deployment asks for and may use, as Kubernetes quantities (<c>500m</c>, <c>2Gi</c>); null: the platform's default.</summary>
public sealed record AgentResources(
    string? CpuRequest = null,
    string? CpuLimit = null,
    string? MemoryRequest = null,
    string? MemoryLimit = null,
    string? GpuRequest = null,
    string? GpuLimit = null);
