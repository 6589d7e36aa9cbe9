using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Caching.InProcess;

/// <summary>The answer cache of one process. Section <c>Caching:InProcess</c>.</summary>
public sealed class InProcessCacheOptions
{
    /// <summary>64 MiB.</summary>
    public const long DefaultMaxBytes = 64L * 1024 * 1024;

    /// <summary>Most memory the kept answers and their keys may take, in bytes; 1 MiB to 64 GiB.</summary>
    [Range(1L << 20, 1L << 36)]
    public long MaxBytes { get; set; } = DefaultMaxBytes;
}
