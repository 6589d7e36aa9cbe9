using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Memory;

/// <summary>How memories are embedded, kept and let go. Section <c>Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>Name of a model in <c>Models</c> that can embed. Empty: the built-in embedding by hashed words, which knows no paraphrases. Changed, everything is embedded anew in the background; until then vectors find less.</summary>
    public string Embedding { get; set; } = "";

    /// <summary>What the embedded index of one process may hold in memory, in megabytes. The scopes not searched for longest go first; one that is larger is held while it is searched.</summary>
    [Range(1, 65_536)]
    public int IndexMegabytes { get; set; } = 256;

    /// <summary>How long working memory is kept that does not say, in hours.</summary>
    [Range(1, 8_760)]
    public int WorkingHours { get; set; } = 24;

    /// <summary>How long episodic memories are kept, in days; 0: for good.</summary>
    [Range(0, 36_500)]
    public int EpisodicDays { get; set; }

    /// <summary>How long semantic memories are kept, in days; 0: for good.</summary>
    [Range(0, 36_500)]
    public int SemanticDays { get; set; }

    /// <summary>How long procedural memories are kept, in days; 0: for good.</summary>
    [Range(0, 36_500)]
    public int ProceduralDays { get; set; }

    /// <summary>Whether episodic memories that say the same are merged once they are older than <see cref="ConsolidateAfterDays"/>.</summary>
    public bool Consolidate { get; set; } = true;

    /// <summary>Age from which episodic memories are consolidated, in days.</summary>
    [Range(1, 36_500)]
    public int ConsolidateAfterDays { get; set; } = 30;

    /// <summary>Half-life of a memory's newness where a search orders by time, in days.</summary>
    [Range(1, 36_500)]
    public int RecencyHalfLifeDays { get; set; } = 30;
}
