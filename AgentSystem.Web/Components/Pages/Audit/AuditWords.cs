namespace AgentSystem.Web.Components.Pages.Audit;

/// <summary>How the audit log is put into words.</summary>
internal static class AuditWords
{
    /// <summary>Every decision there is.</summary>
    public static IReadOnlyList<string> Decisions { get; } = ["allowed", "allowed_with_monitoring", "denied", "failed"];

    public static string Page(string id) => "/audit/" + Uri.EscapeDataString(id);

    public static string Decision(string word) => word.Replace('_', ' ');

    public static string Tone(string decision) => decision switch
    {
        "allowed" => "good",
        "denied" => "bad",
        _ => "warn",
    };
}
