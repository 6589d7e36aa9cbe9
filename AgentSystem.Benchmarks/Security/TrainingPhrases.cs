namespace AgentSystem.Benchmarks.Security;

/// <summary>A text the project wrote to train with.</summary>
internal sealed record Phrase(bool Attack, bool InDocument, string Cluster, string Text)
{
    private const int LinesOfPage = 3;

    /// <summary>True for a whole small document, whose sentences have places in it.</summary>
    public bool IsPage { get; } = InDocument && !Attack && Text.Count(static c => c == '\n') >= LinesOfPage - 1;

    /// <summary>True for a request that asks for harm: an example of the content filter, and of nothing else.</summary>
    public bool Harmful { get; init; }

    /// <summary>True for a whole small document with an attack somewhere in it.</summary>
    public bool HidesAttack { get; } = InDocument && Attack && (Cluster.StartsWith("fresh-", StringComparison.Ordinal) || Text.Contains('\n', StringComparison.Ordinal));
}

/// <summary>The hand-written phrasings of <c>models/injection-linear/trainer/</c>: templates with choices (<c>{a|b}</c>), drawn with a seed.</summary>
internal static class TrainingPhrases
{
    private const int DrawsPerTemplate = 6;

    /// <summary>All phrases of the folder: <c>attack|benign|harm request|document CLUSTER: template</c>, a line each.</summary>
    public static IEnumerable<Phrase> Read(string folder, int seed)
    {
        var chance = new Random(seed);
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file).Where(static line => line.Length > 0 && line[0] != '#'))
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                var head = line[..colon].Split(' ');
                var drawn = Enumerable.Range(0, DrawsPerTemplate).Select(_ => Draw(line[(colon + 2)..], chance)).Distinct();
                foreach (var text in drawn)
                {
                    yield return new Phrase(head[0] == "attack", head[1] == "document", head[2], text) { Harmful = head[0] == "harm" };
                }
            }
        }
    }

    private static string Draw(string template, Random chance)
    {
        while (template.LastIndexOf('{') is >= 0 and var open && template.IndexOf('}', open) is > 0 and var close)
        {
            var choices = template[(open + 1)..close].Split('|');
            template = template[..open] + choices[chance.Next(choices.Length)] + template[(close + 1)..];
        }

        return template.Replace("\\n", "\n", StringComparison.Ordinal);
    }
}
