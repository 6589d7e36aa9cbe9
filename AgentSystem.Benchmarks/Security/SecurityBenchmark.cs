using System.Diagnostics;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Folding;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>The command <c>security</c>: what screening finds in the project's own evaluation set, how long a text takes, and the phrase matcher against a compiled regular expression of the same phrases.</summary>
internal static class SecurityBenchmark
{
    private const int Rounds = 400;

    /// <summary>Promised for the whole chain on one core at 2 and 32 KB, in milliseconds.</summary>
    private static readonly (int Size, double Limit)[] Limits = [(2 * 1024, 5), (32 * 1024, 50)];

    public static Task<Report> RunAsync(CancellationToken cancellation)
    {
        var rows = new List<IReadOnlyList<object>>();
        var texts = string.Join("\n", OwnTexts.Read(Path.Combine(SecurityTraining.Folder, "evaluation", OwnTexts.Sets[0])).Where(static text => !text.Attack).Select(static text => text.Text));

        // First of all, as a host does: what the first callers wait for is measured, not what a process that has run for long takes.
        var begun = Stopwatch.GetTimestamp();
        var screener = new TextScreener(InjectionModel.Shipped);
        var screened = new ScreeningWarmUp(screener).Run(cancellation);
        rows.Add(["warm-up before a process takes requests", $"{screened} made texts screened", Stopwatch.GetElapsedTime(begun).TotalMilliseconds, "ms"]);
        foreach (var (size, limit) in Limits)
        {
            var times = Times(screener, texts, size);
            double[] sorted = [.. times.Order()];
            rows.Add([$"whole chain, {size / 1024} KB, from the first text on", $"first {times[0]:0.00}, p50 {sorted[sorted.Length / 2]:0.00}, most {sorted[^1]:0.00} ms, limit of p99 {limit} ms", sorted[(int)(sorted.Length * .99)], "ms p99"]);
        }

        foreach (var set in OwnTexts.Sets)
        {
            rows.AddRange(SecurityEvaluation.Run(Path.Combine(SecurityTraining.Folder, "evaluation", set)).Select(group => (IReadOnlyList<object>)[$"{set}: {group.Name}", $"{group.Flagged} of {group.Texts} flagged, {group.Blocked} blocked", 100 * group.FlaggedShare, group.Attack ? "% found" : "% false alarms"]));
        }

        var (matcher, regex) = Matchers(texts);
        rows.Add(["phrases in 32 KB", $"ours {matcher:0.00} ms, compiled Regex {regex:0.00} ms", regex / matcher, "times as fast"]);
        return Task.FromResult(new Report(
            "security",
            "the shipped models and rules over models/injection-linear/evaluation/ (never trained on); times on one thread, over texts made of the harmless ones",
            ["what", "figures", "value", "unit"],
            rows,
            ["texts.txt is by the hand that wrote the first phrases, second.txt and third.txt by two that saw none of them. Times on a machine that also does other things."],
            Rounds));
    }

    private static double[] Times(TextScreener screener, string texts, int size)
    {
        while (texts.Length < 2 * size)
        {
            texts += texts;
        }

        return [.. Enumerable.Range(0, Rounds).Select(round =>
        {
            var text = texts.Substring(round * 31 % (texts.Length - size), size);
            var started = Stopwatch.GetTimestamp();
            screener.Screen(text, ScreenSource.User);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        })];
    }

    private static (double Ours, double Regex) Matchers(string texts)
    {
        while (texts.Length < 32 * 1024)
        {
            texts += texts;
        }

        var folded = TextFolder.Fold(texts[..(32 * 1024)]).Text;
        var phrases = InjectionRules.Phrases;
        var regex = new Regex(string.Join('|', phrases.Select(static phrase => Regex.Escape(phrase.TrimEnd('*')))), RegexOptions.Compiled | RegexOptions.CultureInvariant);
        var matcher = new PhraseMatcher(phrases.Select(static (phrase, i) => (phrase, i)));
        return (Median(() => matcher.Find(folded)), Median(() => regex.Count(folded)));
    }

    private static double Median(Action once)
    {
        const int Repeats = 15;
        double[] times = [.. Enumerable.Range(0, Repeats).Select(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            once();
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }).Order()];
        return times[Repeats / 2];
    }
}
