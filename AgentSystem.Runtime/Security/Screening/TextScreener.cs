using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening.Decoding;
using AgentSystem.Runtime.Security.Screening.Findings;
using AgentSystem.Runtime.Security.Screening.Folding;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Runtime.Security.Screening;

/// <summary>What is done about personal data and secrets in a text.</summary>
internal enum FindingAction
{
    /// <summary>Said, and the text stays.</summary>
    Report,

    /// <summary>Replaced by its masked form.</summary>
    Mask,

    /// <summary>Replaced by its name in brackets.</summary>
    Redact,

    /// <summary>The text is blocked.</summary>
    Block,
}

/// <summary>
/// Screens texts, in the order that is safe: the text is read in all its codings first, then injections are looked for in every reading, then harm, then personal data.
/// It decides nothing from how a text looks alone: what only looks odd is told in the score and passes.
/// </summary>
internal sealed class TextScreener(InjectionModel model)
{
    /// <summary>How much a text asks for harm from which on that is severe: 1.1 log-odds above the flag, where next to no harmless request comes (docs/security/detection.md).</summary>
    public const double SevereHarm = .75;

    private const string Passed = "passed", Flagged = "flagged";

    private static readonly string[] Quoting = ["code", "quote", "quotation", "quoted", "education", "training", "security_research", "documentation", "test"];

    private readonly InjectionDetector detector = new(model);

    /// <summary>Looks for injections only: no personal data is searched for, and nothing is cleaned. For who reads neither.</summary>
    public InjectionFinding Look(string text, ScreenSource source) => detector.Look(TextViews.Of(text), source, quoted: false);

    /// <summary>Screens one text. Bounded time for any text: linear in its length.</summary>
    /// <param name="text">The original, which is not changed.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="context">What it is to the caller: <c>code</c>, <c>quote</c>, <c>education</c>, <c>security_research</c>, <c>documentation</c> and <c>test</c> keep it from being blocked.</param>
    /// <param name="action">What is done about personal data and secrets.</param>
    /// <param name="signals">What is known beside the text.</param>
    /// <param name="brief">True for who reads no clean text, and personal data only where <paramref name="action"/> does something about them: neither is made.</param>
    public ScreenResult Screen(string text, ScreenSource source, string? context = null, FindingAction action = FindingAction.Report, ThreatSignals signals = default, bool brief = false)
    {
        var display = brief ? text : DisplayText.Clean(text);
        var readings = TextViews.Of(text);
        var injection = detector.Look(readings, source, context is not null && Quoting.Contains(context, StringComparer.OrdinalIgnoreCase));
        var findings = brief && action == FindingAction.Report ? [] : TextFindings.Of(text);
        var violations = Violations(injection, findings, signals).ToArray();
        var floor = injection.Severity switch
        {
            ScreenSeverity.Critical => Math.Max(ThreatScore.High, injection.Score),
            > ScreenSeverity.None => ThreatScore.Medium,
            _ => violations.Any(static each => each.Severity >= ScreenSeverity.Medium) ? ThreatScore.Medium : 0,
        };
        floor = Math.Max(signals.Floor, action == FindingAction.Block && findings.Count > 0 ? ThreatScore.High : floor);
        var score = ThreatScore.Of(signals.Behaviour, injection.Detected ? injection.Score : 0, Math.Max(injection.Hidden, signals.Anomaly), signals.Intelligence, floor);
        var verdict = ThreatScore.Verdict(score);
        (string, string)[] steps =
        [
            ("data_validation", Passed),
            ("encoding_sanitization", injection.Hidden > 0 || !ReferenceEquals(display, text) ? Flagged : Passed),
            ("prompt_injection_check", injection.Detected ? Flagged : Passed),
            ("content_filtering", injection.Harm >= .5 ? Flagged : Passed),
            ("personal_data_check", findings.Count > 0 ? Flagged : Passed),
            ("threat_analysis", verdict == ScreenVerdict.Allowed ? Passed : Flagged),
        ];
        var sanitized = action is FindingAction.Mask or FindingAction.Redact && findings.Count > 0 ? DisplayText.Clean(TextFindings.Without(text, findings, action == FindingAction.Mask)) : display;
        return new ScreenResult(verdict, ThreatScore.Level(score), score, injection, violations, steps, verdict == ScreenVerdict.Blocked ? null : sanitized, findings);
    }

    private static IEnumerable<ScreenViolation> Violations(InjectionFinding injection, IReadOnlyList<Finding> findings, ThreatSignals signals)
    {
        if (signals.Intelligence >= ThreatSignals.WatchedIntelligence)
        {
            yield return new ScreenViolation("threat_intelligence", signals.Intelligence >= ThreatSignals.CertainIntelligence ? ScreenSeverity.Critical : ScreenSeverity.Medium,
                "An imported list holds the text, a part of it, or where it comes from.", "Look up the list at /api/v1/security/intelligence.");
        }

        if (injection.Detected)
        {
            yield return new ScreenViolation("prompt_injection", injection.Severity, $"{string.Join(", ", injection.Signals)} (read as {injection.View})",
                injection.Severity == ScreenSeverity.Critical ? "Refuse it." : "Keep it apart from instructions, and let no tool with effects run on its word.");
        }

        if (injection.Harm >= .5)
        {
            yield return new ScreenViolation("harmful_request", injection.Harm >= SevereHarm ? ScreenSeverity.High : ScreenSeverity.Medium, "The text asks for something harmful.", "Let the model decline, or a person decide.");
        }

        foreach (var kind in findings.GroupBy(static finding => finding.IsSecret))
        {
            yield return new ScreenViolation(kind.Key ? "secret" : "personal_data", ScreenSeverity.Low, string.Join(", ", kind.Select(static finding => finding.Entity).Distinct(StringComparer.Ordinal)),
                kind.Key ? "Replace it, and revoke it if it is real." : "Leave it out, or mask it.");
        }
    }
}
