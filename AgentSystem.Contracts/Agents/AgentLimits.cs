namespace AgentSystem.Contracts.Agents;

/// <summary>Bounds of one run of an agent.</summary>
/// <param name="MaxSteps">Model calls in one run, 1 to 100.</param>
/// <param name="MaxSeconds">Wall-clock seconds of one run, 1 to 3600.</param>
/// <param name="MaxOutputTokens">Tokens of one answer, 1 to 131072.</param>
public sealed record AgentLimits(int MaxSteps = AgentLimits.DefaultMaxSteps, int MaxSeconds = AgentLimits.DefaultMaxSeconds, int MaxOutputTokens = AgentLimits.DefaultMaxOutputTokens)
{
    public const int DefaultMaxSteps = 8;
    public const int DefaultMaxSeconds = 60;
    public const int DefaultMaxOutputTokens = 1024;
}
