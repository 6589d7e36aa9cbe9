namespace AgentSystem.Runtime.Security.Screening;

/// <summary>What is known beside the text itself: the design document's other three signals, each from 0 to 1.</summary>
/// <param name="Behaviour">What the caller has been doing.</param>
/// <param name="Anomaly">How far that is from what the caller usually does.</param>
/// <param name="Intelligence">How sure imported lists are of the text or of where it comes from.</param>
public readonly record struct ThreatSignals(double Behaviour, double Anomaly, double Intelligence)
{
    /// <summary>From here on a list is certain, and its word blocks by itself.</summary>
    public const double CertainIntelligence = .9;

    /// <summary>From here on what a list says is watched.</summary>
    public const double WatchedIntelligence = .5;

    /// <summary>Nothing is known.</summary>
    public static ThreatSignals None => default;

    /// <summary>The least a score may be when a list has said so: the strongest signal by itself sets a floor.</summary>
    public double Floor => Intelligence >= CertainIntelligence ? ThreatScore.High : Intelligence >= WatchedIntelligence ? ThreatScore.Medium : 0;
}
