using AgentSystem.Contracts.Runs;

namespace AgentSystem.Web.Components.Pages.Runs;

/// <summary>Runs in a person's words.</summary>
internal static class RunWords
{
    private const int ShownOfAnId = 8;

    public static string Page(string id) => $"/runs/{Uri.EscapeDataString(id)}";

    /// <summary>The end of an id: its beginning is the time, which many share.</summary>
    public static string Short(string id) => id.Length <= ShownOfAnId ? id : "…" + id[^ShownOfAnId..];

    public static string Status(RunStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The tone of a badge.</summary>
    public static string Tone(RunStatus status) => status switch
    {
        RunStatus.Success => "good",
        RunStatus.Error or RunStatus.Timeout => "bad",
        RunStatus.Waiting => "warn",
        RunStatus.Running => "accent",
        _ => "",
    };

    /// <summary>The tone of a step's badge.</summary>
    public static string StepTone(string status) => status switch
    {
        "done" => "good",
        "unknown" => "bad",
        "planned" => "warn",
        _ => "accent",
    };

    /// <summary>Nothing more happens to a run that stands like this.</summary>
    public static bool HasEnded(RunStatus status) => status is not (RunStatus.Pending or RunStatus.Running or RunStatus.Waiting);

    /// <summary>Why a person is asked.</summary>
    public static string Why(ApprovalView asked) => asked.Why == "unknown"
        ? "It was called, and nobody knows whether that had its effect. Look where the effect would show, then let it be called again, or not."
        : "This tool is asked about each time. It is called with exactly these arguments, or not at all.";
}
