using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Threads;

/// <summary>How long conversations get. Section <c>Threads</c>.</summary>
public sealed class ThreadOptions
{
    /// <summary>Most messages of a thread that go to the model with the next request, the newest; 0: none.</summary>
    [Range(0, 10_000)]
    public int MaxHistoryMessages { get; set; } = 100;

    /// <summary>Most messages of one thread. A turn that begins below the limit is kept whole.</summary>
    [Range(2, 1_000_000)]
    public int MaxMessages { get; set; } = 10_000;
}
