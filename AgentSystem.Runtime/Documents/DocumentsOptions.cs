using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Documents;

/// <summary>What may be uploaded and how much work one upload may cause. Section <c>Documents</c>.</summary>
public sealed class DocumentsOptions
{
    /// <summary>Most documents of one tenant.</summary>
    [Range(1, 10_000_000)]
    public int MaxPerTenant { get; set; } = 10_000;

    /// <summary>Most bytes of one tenant, counted as uploaded.</summary>
    [Range(1_024, long.MaxValue)]
    public long MaxBytesPerTenant { get; set; } = 5_368_709_120;

    /// <summary>Most characters of text in one document.</summary>
    [Range(1_000, 50_000_000)]
    public int MaxCharacters { get; set; } = 5_000_000;

    /// <summary>Most pages of one PDF.</summary>
    [Range(1, 100_000)]
    public int MaxPages { get; set; } = 2_000;

    /// <summary>Longest time to find the text of one document; what takes longer is refused. Small files get less: 5 s and 20 s for each MB.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MaxReadingTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Documents read at the same time in one process; further ones wait.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 2;
}
