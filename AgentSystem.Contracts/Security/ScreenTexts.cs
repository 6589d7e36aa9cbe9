namespace AgentSystem.Contracts.Security;

/// <summary>Where a text comes from, which decides how much it may ask for.</summary>
public enum ScreenSource
{
    /// <summary>A person asks the assistant.</summary>
    User,

    /// <summary>A tool answered.</summary>
    Tool,

    /// <summary>A document, a page, a mail.</summary>
    Document,
}

/// <summary>What may happen with a text.</summary>
public enum ScreenVerdict
{
    /// <summary>It passes.</summary>
    Allowed,

    /// <summary>It passes, and what was found is counted.</summary>
    AllowedWithMonitoring,

    /// <summary>It does not pass.</summary>
    Blocked,
}

/// <summary>How bad something is; <see cref="Critical"/> is certain and blocks by itself.</summary>
public enum ScreenSeverity
{
    None,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>Body of <c>POST /api/v1/security/screen</c>.</summary>
/// <param name="Items">1 to 500 texts, together at most 1 MB.</param>
public sealed record ScreenTexts(IReadOnlyList<ScreenText> Items);

/// <summary>A text to look at.</summary>
/// <param name="Id">The caller's own name for it, given back.</param>
/// <param name="Text">The text.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Context">What it is to the caller: <c>code</c>, <c>quote</c>, <c>education</c>, <c>security_research</c>, <c>documentation</c> and <c>test</c> keep it from being blocked; other words change nothing.</param>
public sealed record ScreenText(string Id, string Text, ScreenSource Source, string? Context = null);

/// <summary>The verdicts, in the order of the texts.</summary>
public sealed record ScreenedTexts(IReadOnlyList<ScreenedText> Items);

/// <summary>The verdict on one text.</summary>
/// <param name="Id">The caller's name for it.</param>
/// <param name="Verdict">What may happen with it.</param>
/// <param name="ThreatLevel"><c>none</c>, <c>low</c>, <c>medium</c> or <c>high</c>.</param>
/// <param name="ThreatScore">0 to 1: low from .2, medium from .5, high from .8 on.</param>
/// <param name="Injection">What was found of injections.</param>
/// <param name="Violations">Everything of note; never the text itself.</param>
/// <param name="Steps">The steps in their order.</param>
/// <param name="Sanitized">The text as it may be shown; null when it is blocked.</param>
/// <param name="Findings">Personal data and secrets.</param>
public sealed record ScreenedText(
    string Id,
    ScreenVerdict Verdict,
    string ThreatLevel,
    double ThreatScore,
    InjectionVerdict Injection,
    IReadOnlyList<ScreenViolation> Violations,
    IReadOnlyList<ScreenStep> Steps,
    string? Sanitized,
    IReadOnlyList<ScreenFinding> Findings);

/// <summary>What was found of injections.</summary>
/// <param name="Detected">True from a score of 0.5 on.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Score">0 to 1.</param>
public sealed record InjectionVerdict(bool Detected, ScreenSeverity Severity, double Score);

/// <summary>Something a text does that it should not.</summary>
/// <param name="Type"><c>prompt_injection</c>, <c>harmful_request</c>, <c>secret</c>, <c>personal_data</c> or <c>threat_intelligence</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Details">What was found: names of rules, codings and entities.</param>
/// <param name="Mitigation">What helps.</param>
public sealed record ScreenViolation(string Type, ScreenSeverity Severity, string Details, string Mitigation);

/// <summary>A step of the check.</summary>
/// <param name="Name">E.g. <c>prompt_injection_check</c>.</param>
/// <param name="Status"><c>passed</c> or <c>flagged</c>.</param>
public sealed record ScreenStep(string Name, string Status);

/// <summary>Personal data or a secret in a text.</summary>
/// <param name="Entity">E.g. <c>CREDIT_CARD</c>; keys and passwords begin with <c>SECRET_</c>.</param>
/// <param name="Start">Its first character in the original, counted in UTF-16 units.</param>
/// <param name="End">The place after its last character.</param>
/// <param name="Masked">How it may be shown.</param>
public sealed record ScreenFinding(string Entity, int Start, int End, string Masked);
