namespace AgentSystem.Web.Components.Pages.Chat;

/// <summary>Questions to begin with: what an agent's tools are good at.</summary>
internal static class Ideas
{
    private const int Most = 4;

    private static readonly (string Tool, string Question)[] Known =
    [
        ("calculator", "What is 17 times 23?"),
        ("clock", "What time is it in Tokyo?"),
        ("remember", "Remember that my sister's birthday is 4 May"),
        ("search", "Search the documents for opening hours"),
        ("recall", "When is my sister's birthday?"),
    ];

    /// <param name="tools">The agent's tools; none it is known by: no ideas, any question is as good as another.</param>
    public static IReadOnlyList<string> For(IReadOnlyList<string> tools) =>
        [.. Known.Where(idea => tools.Contains(idea.Tool)).Select(static idea => idea.Question).Take(Most)];
}
