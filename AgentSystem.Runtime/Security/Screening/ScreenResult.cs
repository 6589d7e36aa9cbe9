using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening.Findings;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Runtime.Security.Screening;

/// <summary>A text after all steps.</summary>
/// <param name="Verdict">What may happen with it.</param>
/// <param name="ThreatLevel"><c>none</c>, <c>low</c>, <c>medium</c> or <c>high</c>.</param>
/// <param name="ThreatScore">0 to 1.</param>
/// <param name="Injection">What was found of injections.</param>
/// <param name="Violations">Everything of note.</param>
/// <param name="Steps">The steps in their order, with <c>passed</c> or <c>flagged</c>.</param>
/// <param name="Sanitized">The text as it may be shown; null when it is blocked.</param>
/// <param name="Findings">Personal data and secrets, by places of the original.</param>
internal sealed record ScreenResult(
    ScreenVerdict Verdict, string ThreatLevel, double ThreatScore, InjectionFinding Injection, IReadOnlyList<ScreenViolation> Violations,
    IReadOnlyList<(string Name, string Status)> Steps, string? Sanitized, IReadOnlyList<Finding> Findings);
