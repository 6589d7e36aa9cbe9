using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What agents may keep in their sessions, and who is right when two of them change the same key. Section <c>Sessions</c>.</summary>
public sealed class SessionsOptions
{
    /// <summary>Largest value of one key, in bytes of JSON.</summary>
    [Range(1024, 1_048_576)]
    public int MaxValueBytes { get; set; } = 262_144;

    /// <summary>All values of one session together, in bytes of JSON.</summary>
    [Range(1024, 16_777_216)]
    public int MaxSessionBytes { get; set; } = 4_194_304;

    /// <summary>Most keys of one session.</summary>
    [Range(1, 10_000)]
    public int MaxKeys { get; set; } = 1_000;

    /// <summary>The rule for eventual updates that name none: <c>timestamp</c>, <c>agent_priority</c>, <c>semantic_merge</c> or <c>human</c>.</summary>
    [RegularExpression("timestamp|agent_priority|semantic_merge|human", ErrorMessage = "name timestamp, agent_priority, semantic_merge or human.")]
    public string ConflictRule { get; set; } = "timestamp";

    /// <summary>Agents in a comma list, the one that is right first; agents that are not named come last, all alike.</summary>
    public string AgentPriority { get; set; } = "";

    /// <summary>How long the first update of a busy moment waits for others to share its commit, in milliseconds; an update that comes alone never waits.</summary>
    [Range(0, 100)]
    public int LingerMilliseconds { get; set; } = 2;

    /// <summary>Most updates that wait for their commit in one process; beyond it 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>How long a commit may wait for the quorum of the servers, in seconds; after that its outcome is unknown.</summary>
    [Range(1, 300)]
    public int QuorumSeconds { get; set; } = 10;

    /// <summary>How long answers are kept for a repeated <c>Idempotency-Key</c>, and resolved conflicts for reading, in hours.</summary>
    [Range(1, 8760)]
    public int KeepHours { get; set; } = 72;
}
