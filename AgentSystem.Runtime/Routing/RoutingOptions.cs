using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Routing;

/// <summary>How requests find an instance. Section <c>Routing</c>.</summary>
public sealed class RoutingOptions
{
    /// <summary>Heartbeats that may be missed before a process is no longer among the instances.</summary>
    public const int MissedHeartbeats = 3;

    /// <summary>Name of the policy; see <see cref="RoutingPolicies"/>.</summary>
    [Required]
    public string Policy { get; set; } = RoutingPolicies.PowerOfTwo;

    /// <summary>Runs this process executes at once.</summary>
    [Range(1, 10_000)]
    public int Slots { get; set; } = 32;

    /// <summary>Runs that may wait for a slot; more are refused at once with 503.</summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; set; } = 512;

    /// <summary>Longest wait for a slot before 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often this process says how it stands; one that is silent for three times as long is no longer among the instances.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);
}
