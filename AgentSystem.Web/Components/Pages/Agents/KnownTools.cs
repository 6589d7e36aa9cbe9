namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The tools every installation has, in a person's words.</summary>
internal static class KnownTools
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["calculator"] = "Exact arithmetic, so that the model need not guess figures.",
        ["clock"] = "The local time, weekday and date at a place.",
        ["remember"] = "Keeps a statement about the user for later conversations.",
        ["recall"] = "Finds what was remembered for this user.",
        ["search"] = "Finds passages in the documents the agent may see, and quotes them.",
    };

    /// <summary>In the order they are offered.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Meanings.Keys];

    public static string MeaningOf(string tool) => Meanings.GetValueOrDefault(tool) ?? "A tool of this installation.";
}
