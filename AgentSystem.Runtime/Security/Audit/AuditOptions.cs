using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The audit log. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>How long an act waits for its entry to be kept; after that it is refused with 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "00:01:00")]
    public TimeSpan WriteWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Events that may be written later and wait in one process; what comes beyond is counted, and the count is written.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>Addresses whose failed authentications one process writes apart within a minute; those of all others are counted together.</summary>
    [Range(1, 10_000)]
    public int MaxAddressesPerMinute { get; set; } = 60;

    /// <summary>A file outside the database to which every signed root is appended, so that an old copy of the database is found out. Standalone: audit-roots.jsonl in the data folder; elsewhere unset.</summary>
    public string? RootsPath { get; set; }
}
