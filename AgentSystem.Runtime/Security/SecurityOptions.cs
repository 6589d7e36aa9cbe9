using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Security;

/// <summary>Bounds on what one request may contain, and on who may ask. Section <c>Security</c>.</summary>
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

    /// <summary>How long a key that was good goes on while the store of keys does not answer. A revocation still stops it within five seconds while the store answers.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan KeyGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Failed authentications an address may have in a minute; from then on it gets 429 until the minute is over, except with keys that were good a short while ago. 0 switches it off.</summary>
    [Range(0, 1_000_000)]
    public int FailuresPerAddress { get; set; } = 100;
}
