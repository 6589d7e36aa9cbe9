namespace AgentSystem.Contracts.Agents;

/// <summary>The <c>quality</c> member of an agent.</summary>
public sealed record AgentQuality(QualityMode Mode = QualityMode.Stream);
