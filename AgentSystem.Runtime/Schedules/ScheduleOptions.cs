using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Schedules;

/// <summary>Runs that start by the clock. Section <c>Schedules</c>.</summary>
public sealed class ScheduleOptions
{
    /// <summary>Whether this process starts scheduled runs; several may, each tick starts one run all the same.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Schedules a tenant may have.</summary>
    [Range(0, 100_000)]
    public int MaxPerTenant { get; set; } = 200;
}
