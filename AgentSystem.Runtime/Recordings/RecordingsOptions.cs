using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Recordings;

/// <summary>How answers are recorded while they are made. Section <c>Recordings</c>.</summary>
public sealed class RecordingsOptions
{
    /// <summary>Longest an event waits to be written while the database answers; all recordings of a process are written together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:05")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A recording whose process has been silent for this long is abandoned: its readers get an end, and a request with the same <c>Idempotency-Key</c> runs again. Processes say that they live three times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a reader looks for news that no notification told it of.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most bytes of one recording that wait for the database; beyond that it is given up and the answer goes on without it.</summary>
    [Range(1_048_576, 1_073_741_824)]
    public int MaxWaitingBytes { get; set; } = 67_108_864;

    /// <summary>How often recordings whose time is over are deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CleaningInterval { get; set; } = TimeSpan.FromMinutes(10);
}
