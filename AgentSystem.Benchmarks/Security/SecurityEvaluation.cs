using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>What screening says of a group of texts.</summary>
internal sealed record EvaluationGroup(string Name, bool Attack, int Texts, int Flagged, int Blocked)
{
    /// <summary>Share that is not simply allowed, 0 to 1.</summary>
    public double FlaggedShare => (double)Flagged / Math.Max(1, Texts);
}

/// <summary>Runs the shipped screening over one of the project's own evaluation sets, on which nothing was trained and no threshold set.</summary>
internal static class SecurityEvaluation
{
    /// <summary>The groups: attacks and harmless texts by source, hard negatives apart, attacks by coding.</summary>
    public static IReadOnlyList<EvaluationGroup> Run(string file)
    {
        var screener = new TextScreener(InjectionModel.Shipped);
        var texts = OwnTexts.Read(file);
        return
        [
            .. texts.Concat(OwnTexts.Coded(texts))
                .GroupBy(static text => (Name: Name(text), text.Attack))
                .Select(group =>
                {
                    ScreenVerdict[] verdicts = [.. group.Select(text => screener.Screen(text.Text, text.Source).Verdict)];
                    return new EvaluationGroup(group.Key.Name, group.Key.Attack, verdicts.Length, verdicts.Count(static verdict => verdict != ScreenVerdict.Allowed), verdicts.Count(static verdict => verdict == ScreenVerdict.Blocked));
                })
                .OrderBy(static group => (!group.Attack, group.Name)),
        ];
    }

    private static string Name(OwnText text) => text switch
    {
        { Coding: { } coding } => $"attacks of users in {coding}",
        { Attack: true, Source: ScreenSource.User } => "attacks of users",
        { Attack: true } => "attacks in documents and tool results",
        { Source: ScreenSource.User } when text.Cluster.StartsWith("hard", StringComparison.Ordinal) => "harmless with words of attacks",
        { Source: ScreenSource.User } => "ordinary requests",
        _ => "harmless documents and tool results",
    };
}
