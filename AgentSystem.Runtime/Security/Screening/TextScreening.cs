using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Screening;

/// <summary>Screens texts for whoever asks over the wire. Texts are neither kept nor logged.</summary>
public sealed class TextScreening
{
    private readonly TextScreener screener;

    internal TextScreening(TextScreener screener) => this.screener = screener;

    /// <summary>Most texts of one request.</summary>
    public const int MaxItems = 500;

    /// <summary>Most bytes of all texts of one request together, in UTF-8.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Looks at one text; bounded time, linear in its length.</summary>
    /// <param name="item">The text.</param>
    /// <param name="signals">What is known beside it.</param>
    public ScreenedText Screen(ScreenText item, ThreatSignals signals = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var result = screener.Screen(item.Text, item.Source, item.Context, signals: signals);
        return new ScreenedText(
            item.Id,
            result.Verdict,
            result.ThreatLevel,
            result.ThreatScore,
            new InjectionVerdict(result.Injection.Detected, result.Injection.Severity, result.Injection.Score),
            result.Violations,
            [.. result.Steps.Select(static step => new ScreenStep(step.Name, step.Status))],
            result.Sanitized,
            [.. result.Findings.Select(static finding => new ScreenFinding(finding.Entity, finding.Start, finding.End, finding.Masked))]);
    }
}
