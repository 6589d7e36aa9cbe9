using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Caching;

/// <summary>The answer cache. Section <c>Caching</c>.</summary>
public sealed class CachingOptions
{
    /// <summary>False switches look-up and store off.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long an answer is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Largest answer kept, in bytes as written.</summary>
    [Range(1_024, 16_777_216)]
    public int MaxEntryBytes { get; set; } = 262_144;
}
