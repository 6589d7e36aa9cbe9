namespace AgentSystem.Api.DeadLetters;

/// <summary>Ids of dead letters: what died, and its own id.</summary>
internal static class DeadLetterIds
{
    public const string Run = "run";
    public const string Webhook = "webhook";

    private const string Start = "dead_";

    /// <summary>The dead letter of a run or a message; both kinds of ids tell by their beginning what they are of.</summary>
    public static string Of(string subject) => Start + subject;

    /// <summary>The id of what died, as its own store knows it.</summary>
    public static string Subject(string id) => id.StartsWith(Start, StringComparison.Ordinal) ? id[Start.Length..] : "";

    /// <summary>True for a message; everything else is looked for among the runs.</summary>
    public static bool IsMessage(string id) => Subject(id).StartsWith("msg_", StringComparison.Ordinal);
}
