using AgentSystem.Runtime.Security.Screening.Folding;

namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>A way injections are put together.</summary>
/// <param name="Name">Its name in violations.</param>
/// <param name="High">True when it hardly ever stands in an honest request.</param>
/// <param name="Confidence">0 to 1: how much it says by itself.</param>
/// <param name="Gap">Most characters between one concept and the next.</param>
/// <param name="Concepts">The concepts in their order.</param>
internal sealed record InjectionRule(string Name, bool High, double Confidence, int Gap, int[] Concepts);

/// <summary>What the rules see in one text.</summary>
/// <param name="Hits">The concepts in the order of their ends.</param>
/// <param name="Rules">The rules that hold, each once.</param>
internal sealed record RuleFindings(IReadOnlyList<PhraseHit> Hits, IReadOnlyList<InjectionRule> Rules);

/// <summary>The rules of <c>rules.txt</c>: concepts found in one pass, and short orders of concepts. No regular expression takes part, so no text takes long.</summary>
internal static class InjectionRules
{
    private static readonly List<string> Names = [];
    private static readonly List<InjectionRule> Rules = [];
    private static readonly PhraseMatcher Matcher = Read();
    private static readonly (int Rule, int Place)[][] Uses = [.. Names.Select((_, concept) => Rules
        .SelectMany((rule, index) => rule.Concepts.Select((each, place) => (each, index, place)))
        .Where(use => use.each == concept).OrderByDescending(static use => use.place).Select(static use => (use.index, use.place)).ToArray())];

    /// <summary>The concept of texts that speak about injections rather than making one.</summary>
    public static int About { get; } = Names.IndexOf("about");

    /// <summary>All phrases, folded; a star at the end lets the last word go on.</summary>
    public static IReadOnlyList<string> Phrases { get; } = [.. ScreeningResources.Lines("rules.txt").Where(static line => line[0] == '@').SelectMany(static line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split('|', StringSplitOptions.RemoveEmptyEntries)).Select(Fold).Distinct()];

    /// <summary>Finds concepts and rules in a folded text.</summary>
    public static RuleFindings Find(ReadOnlySpan<char> folded)
    {
        var hits = Matcher.Find(folded);
        if (hits.Count == 0)
        {
            return new RuleFindings([], []);
        }

        var reached = new int[Rules.Count][];
        var (found, seen) = (new List<InjectionRule>(), new bool[Rules.Count]);
        foreach (var hit in hits)
        {
            foreach (var (index, place) in Uses[hit.Concept])
            {
                var rule = Rules[index];
                // An order cannot begin before the concept in front of it ended, nor further away than the gap.
                var ends = reached[index] ??= Enumerable.Repeat(int.MinValue / 2, rule.Concepts.Length).ToArray();
                if (place > 0 && (hit.Start < ends[place - 1] || hit.Start - ends[place - 1] > rule.Gap))
                {
                    continue;
                }

                ends[place] = hit.End;
                if (place == rule.Concepts.Length - 1 && !seen[index])
                {
                    seen[index] = true;
                    found.Add(rule);
                }
            }
        }

        return new RuleFindings(hits, found);
    }

    private static PhraseMatcher Read()
    {
        var phrases = new List<(string, int)>();
        foreach (var line in ScreeningResources.Lines("rules.txt"))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (line[0] == '@')
            {
                var name = line[1..space];
                var concept = Names.IndexOf(name);
                if (concept < 0)
                {
                    concept = Names.Count;
                    Names.Add(name);
                }

                phrases.AddRange(line[(space + 1)..].Split('|', StringSplitOptions.RemoveEmptyEntries).Select(phrase => (Fold(phrase), concept)));
            }
            else
            {
                var (head, order) = (line[..line.IndexOf(':', StringComparison.Ordinal)].Split(' '), line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
                Rules.Add(new InjectionRule(head[1], head[2] == "high", double.Parse(head[3]), int.Parse(head[4]), [.. order.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static concept => Names.IndexOf(concept))]));
            }
        }

        return new PhraseMatcher(phrases.Distinct());
    }

    private static string Fold(string phrase) => phrase.EndsWith('*') ? TextFolder.Fold(phrase[..^1]).Text + "*" : TextFolder.Fold(phrase).Text;
}
