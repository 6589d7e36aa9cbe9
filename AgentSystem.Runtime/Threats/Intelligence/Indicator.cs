using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>An entry of a list, in canonical form.</summary>
/// <param name="Kind">What its value is.</param>
/// <param name="Value">The value, at most <see cref="MaxValue"/> characters.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="ExpiresAt">When it counts no more; null: never.</param>
public sealed record Indicator(IndicatorKind Kind, string Value, double Confidence, DateTimeOffset? ExpiresAt)
{
    /// <summary>Longest value.</summary>
    public const int MaxValue = 500;

    /// <summary>From this confidence on a match is certain: it blocks by itself.</summary>
    public const double Certain = Security.Screening.ThreatSignals.CertainIntelligence;

    /// <summary>From this confidence on a match is watched.</summary>
    public const double Watched = Security.Screening.ThreatSignals.WatchedIntelligence;

    /// <summary>True when it still counts.</summary>
    public bool CountsAt(DateTimeOffset now) => ExpiresAt is null || ExpiresAt > now;
}
