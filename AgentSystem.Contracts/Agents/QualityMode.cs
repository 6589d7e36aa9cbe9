namespace AgentSystem.Contracts.Agents;

/// <summary>How the quality phase treats a streamed answer.</summary>
public enum QualityMode
{
    /// <summary>Tokens leave as they come; the verdict rides in the last event.</summary>
    Stream,

    /// <summary>The whole answer is held back until it has passed.</summary>
    Gate,
}
