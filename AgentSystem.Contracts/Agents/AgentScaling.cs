namespace AgentSystem.Contracts.Agents;

/// <summary>How many replicas an agent's deployment may have.</summary>
/// <param name="MinReplicas">0 to 1,000.</param>
/// <param name="MaxReplicas">1 to 1,000, not below <paramref name="MinReplicas"/>.</param>
/// <param name="InitialReplicas">Between the two.</param>
/// <param name="EnablePredictiveScaling">Whether forecasts may scale before the load comes.</param>
public sealed record AgentScaling(int MinReplicas = 1, int MaxReplicas = 10, int InitialReplicas = 1, bool EnablePredictiveScaling = false);
