using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Screening;

/// <summary>
/// The design document's weighing of signals (S22): behaviour .4, patterns .3, anomaly .2, intelligence .1; from .2 on low, .5 medium, .8 high. By these weights alone a
/// pattern that is certain would score .3 and pass, so the strongest signal by itself sets a floor: flagged is at least medium, certain is high.
/// </summary>
internal static class ThreatScore
{
    public const double Behaviour = .4, Pattern = .3, Anomaly = .2, Intelligence = .1;
    public const double Low = .2, Medium = .5, High = .8;

    /// <summary>The weighted score, each signal from 0 to 1, not below the floor.</summary>
    public static double Of(double behaviour, double pattern, double anomaly, double intelligence, double floor) =>
        Math.Round(Math.Clamp(Math.Max((Behaviour * behaviour) + (Pattern * pattern) + (Anomaly * anomaly) + (Intelligence * intelligence), floor), 0, 1), 4);

    /// <summary>The document's level of a score.</summary>
    public static string Level(double score) => score switch { >= High => "high", >= Medium => "medium", >= Low => "low", _ => "none" };

    /// <summary>What a level means for the text.</summary>
    public static ScreenVerdict Verdict(double score) => score switch { >= High => ScreenVerdict.Blocked, >= Medium => ScreenVerdict.AllowedWithMonitoring, _ => ScreenVerdict.Allowed };
}
