using System.ComponentModel.DataAnnotations;
using AgentSystem.Runtime.Threats.Conduct;

namespace AgentSystem.Runtime.Threats;

/// <summary>What conduct is an incident, and what is done about it without asking anybody. Section <c>Threats</c>.</summary>
public sealed class ThreatsOptions
{
    /// <summary>What is done at once to the key or user of an incident that calls for it: nothing, a throttle, or quarantine.</summary>
    public AutomaticContainment Automatic { get; set; } = AutomaticContainment.Throttle;

    /// <summary>How long that lasts by itself.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan AutomaticFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Requests a throttled key or user may make, per minute and process.</summary>
    [Range(1, 10_000)]
    public int ThrottledRequestsPerMinute { get; set; } = 6;

    /// <summary>Different things asked for in vain within 10 to 20 minutes that make a scan.</summary>
    [Range(5, 300)]
    public int ScanTargets { get; set; } = 20;

    /// <summary>Different wrong credentials from one address within 10 to 20 minutes that make guessing.</summary>
    [Range(3, 300)]
    public int WrongCredentials { get; set; } = 10;

    /// <summary>Refused inputs within some minutes that make an incident.</summary>
    [Range(2, 1_000)]
    public int BlockedInputs { get; set; } = 3;

    /// <summary>Failed requests within some minutes that make an incident, where they are most of the caller's.</summary>
    [Range(10, 100_000)]
    public int Failures { get; set; } = 60;

    /// <summary>Requests a limit refused within some minutes that make an incident, where they are most of the caller's.</summary>
    [Range(10, 1_000_000)]
    public int LimitedRequests { get; set; } = 200;

    /// <summary>Deviations above the learned level from which on requests or money are a jump.</summary>
    [Range(3.0, 100.0)]
    public double Deviations { get; set; } = 6;

    /// <summary>USD within five minutes below which nothing is a jump.</summary>
    [Range(0, 1_000_000)]
    public decimal CostJumpUsd { get; set; } = 1;

    /// <summary>Keys, users and addresses remembered in a process; whoever was seen longest ago is forgotten first.</summary>
    [Range(100, 1_000_000)]
    public int MaxSubjects { get; set; } = 10_000;

    /// <summary>Imported indicators a tenant may have.</summary>
    [Range(0, 1_000_000)]
    public int MaxIndicators { get; set; } = 200_000;

    /// <summary>How long flagged inputs and their counts are kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan KeepVerdicts { get; set; } = TimeSpan.FromDays(30);

    internal ConductThresholds Thresholds => new(ScanTargets, WrongCredentials, BlockedInputs, Failures, LimitedRequests, Deviations, CostJumpUsd);
}

/// <summary>What is done to the key or user of an incident without asking anybody.</summary>
public enum AutomaticContainment
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>Few requests a minute pass.</summary>
    Throttle,

    /// <summary>Nothing passes.</summary>
    Quarantine,
}
