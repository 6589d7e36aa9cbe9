using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Security;

/// <summary>Bounds on what one request may contain. Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>Most messages of one conversation.</summary>
    [Range(1, 100_000)]
    public int MaxMessages { get; set; } = 2_000;

    /// <summary>Most tools a client may declare.</summary>
    [Range(0, 1_000)]
    public int MaxClientTools { get; set; } = 128;

    /// <summary>Longest user id, in characters.</summary>
    [Range(1, 1_000)]
    public int MaxUserLength { get; set; } = 200;
}
