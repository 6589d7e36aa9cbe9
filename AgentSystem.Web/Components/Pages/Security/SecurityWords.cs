using AgentSystem.Contracts.Security;

namespace AgentSystem.Web.Components.Pages.Security;

/// <summary>The API's words as people say them, and how bad they look.</summary>
internal static class SecurityWords
{
    public static string Of(ScreenVerdict verdict) => verdict switch
    {
        ScreenVerdict.Blocked => "blocked",
        ScreenVerdict.AllowedWithMonitoring => "watched",
        _ => "allowed",
    };

    public static string Tone(ScreenVerdict verdict) => verdict switch
    {
        ScreenVerdict.Blocked => "bad",
        ScreenVerdict.AllowedWithMonitoring => "warn",
        _ => "good",
    };

    public static string Tone(ScreenSeverity severity) => severity switch
    {
        ScreenSeverity.Critical or ScreenSeverity.High => "bad",
        ScreenSeverity.Medium => "warn",
        _ => "",
    };

    public static string Tone(IncidentStatus status) => status switch
    {
        IncidentStatus.Open => "bad",
        IncidentStatus.Contained => "warn",
        _ => "good",
    };

    /// <summary>What happened, in a few words; a kind this console does not know is shown as it is.</summary>
    public static string Of(string kind) => kind switch
    {
        IncidentKinds.HighThreat => "An input was refused",
        IncidentKinds.RepeatedBlocks => "Inputs refused again and again",
        IncidentKinds.Scanning => "Scanning",
        IncidentKinds.CredentialGuessing => "Guessing credentials",
        IncidentKinds.Failures => "Most requests fail",
        IncidentKinds.Hammering => "Hammering at a limit",
        IncidentKinds.RateJump => "Far more requests than usual",
        IncidentKinds.CostJump => "Far more money than usual",
        IncidentKinds.CanarySeen => "A canary was seen",
        IncidentKinds.SecretLeaked => "A secret was about to leave",
        IncidentKinds.ListedIndicator => "A listed threat",
        _ => kind.Replace('_', ' '),
    };

    public static string Of(ContainmentKind kind) => kind switch
    {
        ContainmentKind.Throttle => "slowed down",
        ContainmentKind.Quarantine => "in quarantine",
        _ => "stopped",
    };

    /// <summary>What can be done to a subject, the mildest first.</summary>
    public static IReadOnlyList<ContainmentKind> Actions(string subject) => subject.Split(':')[0] switch
    {
        "key" or "user" or "address" => [ContainmentKind.Throttle, ContainmentKind.Quarantine],
        "agent" => [ContainmentKind.Quarantine, ContainmentKind.Kill],
        _ => [],
    };

    public static string Verb(ContainmentKind kind) => kind switch
    {
        ContainmentKind.Throttle => "Slow down",
        ContainmentKind.Quarantine => "Quarantine",
        _ => "Stop",
    };
}
