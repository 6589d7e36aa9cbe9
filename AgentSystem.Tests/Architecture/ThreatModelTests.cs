using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>The threat model is a list of promises: every line names the tests that show it, and they are there.</summary>
public partial class ThreatModelTests
{
    private const string Document = "docs/security/threat-model.md";

    private static readonly string[] Wanted =
    [
        .. Enumerable.Range(1, 10).Select(static i => $"LLM{i:00}"), .. Enumerable.Range(1, 10).Select(static i => $"ASI{i:00}"), .. Enumerable.Range(1, 10).Select(static i => $"API{i}"), .. Enumerable.Range(1, 17).Select(static i => $"V{i}"),
    ];

    private static readonly ILookup<string, SourceFile> Tests = Repository.Files.Where(static file => file.Project == "AgentSystem.Tests" && file.IsCode)
        .SelectMany(static file => Declarations.TypesIn(file.Code).Select(type => (type, file))).ToLookup(static each => each.type, static each => each.file, StringComparer.Ordinal);

    [Fact]
    public void Lines_EachOfThem_NameTestsThatAreThere()
    {
        var lines = Lines(Repository.File(Document)).ToArray();

        Assert.NotEmpty(lines);
        Rule.Holds(lines.SelectMany(Check), $"Name the tests that show the line, as `Class.Method`, or say \"not covered:\" and why, in {Document}.");
    }

    [Fact]
    public void Lists_EachOfTheirEntries_StandInTheModel()
    {
        var ids = Lines(Repository.File(Document)).Select(static line => line[0]).ToHashSet(StringComparer.Ordinal);

        Assert.All(Wanted, id => Assert.Contains(id, ids));
    }

    [Theory]
    [InlineData("| LLM01 | x | y | `NoSuchTests.Does_Nothing` |", "NoSuchTests.Does_Nothing")]
    [InlineData("| LLM01 | x | y | `ThreatModelTests.Is_NotThere` |", "ThreatModelTests.Is_NotThere")]
    [InlineData("| LLM01 | x | y | trust us |", "names no test")]
    public void Check_OfAnEmptyPromise_IsCaught(string line, string named) => Rule.Catches(Lines(new SourceFile("x.md", line)).SelectMany(Check), named);

    [Theory]
    [InlineData("| LLM01 | x | y | `ThreatModelTests.Lists_EachOfTheirEntries_StandInTheModel` |")]
    [InlineData("| V17 | x | y | not covered: there is none of it here |")]
    [InlineData("| id | threat | what stands against it | shown by |")]
    [InlineData("|---|---|---|---|")]
    public void Check_OfAKeptPromise_Passes(string line) => Assert.Empty(Lines(new SourceFile("x.md", line)).SelectMany(Check));

    private static IEnumerable<string[]> Lines(SourceFile document) =>
        from line in document.Lines
        where line.StartsWith('|')
        let cells = line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray()
        where cells.Length == 4 && Id().IsMatch(cells[0])
        select cells;

    private static IEnumerable<string> Check(string[] line)
    {
        var named = Reference().Matches(line[3]);
        if (named.Count == 0 && !line[3].StartsWith("not covered:", StringComparison.Ordinal))
        {
            yield return $"{line[0]} ({line[1]}) names no test.";
        }

        foreach (var (type, method) in named.Select(static match => (match.Groups["type"].Value, match.Groups["method"].Value)))
        {
            if (!Tests[type].Any(file => Regex.IsMatch(file.Code, $@"\b{method}\s*\(")))
            {
                yield return $"{line[0]}: there is no test {type}.{method}.";
            }
        }
    }

    [GeneratedRegex(@"^(LLM|ASI|API|V|T)\d+\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"`(?<type>\w+)\.(?<method>\w+)`")]
    private static partial Regex Reference();
}
