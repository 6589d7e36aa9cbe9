using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Contracts.Monitoring;

/// <summary>What the console's front page shows: <c>GET /api/v1/monitoring/overview</c>, over the last <see cref="WindowMinutes"/> minutes. Slots are those of all instances;
/// the instances themselves are told to the tenant that runs the platform, and are empty for others.</summary>
public sealed record Overview(
    string Instance,
    string Version,
    string World,
    DateTimeOffset StartedAt,
    int WindowMinutes,
    int Requests,
    int Errors,
    int InputTokens,
    int OutputTokens,
    decimal CostUsd,
    int CacheHits,
    double? P50Ms,
    double? P95Ms,
    double? FirstTokenP95Ms,
    int SlotsInUse,
    int SlotsTotal,
    IReadOnlyList<ComponentHealth> Components,
    IReadOnlyList<MinuteBucket> Minutes,
    IReadOnlyList<RequestUsage> Recent,
    IReadOnlyList<InstanceView> Instances);

/// <summary>A part of the system and whether it answers.</summary>
/// <param name="Name">e.g. <c>postgres</c>.</param>
/// <param name="Status"><c>healthy</c>, <c>degraded</c>, <c>unhealthy</c> or <c>absent</c>.</param>
/// <param name="Detail">One line for a person.</param>
public sealed record ComponentHealth(string Name, string Status, string? Detail);

/// <summary>Requests that came in during one minute.</summary>
public sealed record MinuteBucket(DateTimeOffset At, int Requests, int Errors);
