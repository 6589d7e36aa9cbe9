using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.Benchmarks.ModelQuality;
using AgentSystem.Tests.Architecture;

namespace AgentSystem.Tests.Benchmarks.ModelQuality;

public sealed partial class ModelQualityTests
{
    // A rounding of another processor may tip a close decision.
    private const int Tolerance = 2;

    /// <summary>The gate itself is what <c>model-quality</c> judges, and the card says where it is missed; this keeps the card true and the model from getting worse unseen.</summary>
    [Fact]
    public async Task ShippedModel_OnItsTestSet_DoesWhatItsCardSays()
    {
        var results = await ModelQualityBenchmark.AskAsync(ToolExam.Read(ModelQualityBenchmark.FindTestSet()), freely: false, TestContext.Current.CancellationToken);
        var card = Card(Repository.File("models/assistant-small/README.md").Text);

        Assert.Equal(QualityGate.Percent.Keys.Order(), card.Keys.Order());
        foreach (var tool in results.GroupBy(result => result.Sentence.Tool))
        {
            var (sentences, exact) = card[tool.Key];
            Assert.Equal(sentences, tool.Count());
            Assert.InRange(tool.Count(result => result.AnswerIsExact), exact - Tolerance, exact + Tolerance);
        }
    }

    /// <summary>The first table under "Test set": sentences and exact answers with span decoding, per tool.</summary>
    private static Dictionary<string, (int Sentences, int Exact)> Card(string text)
    {
        var start = text.IndexOf("Test set, by the C# engine", StringComparison.Ordinal);
        Assert.True(start >= 0, "The card has lost its table of the test set.");
        return Row().Matches(text[start..text.IndexOf("| all |", start, StringComparison.Ordinal)]).ToDictionary(
            row => row.Groups["tool"].Value,
            row => (int.Parse(row.Groups["sentences"].Value, CultureInfo.InvariantCulture), int.Parse(row.Groups["exact"].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^\| (?<tool>\w+) \| (?<sentences>\d+) \| [^|]+ \| \*\*(?<exact>\d+) ", RegexOptions.Multiline)]
    private static partial Regex Row();

    [Theory]
    [InlineData("", "I am a small demonstration model without tools here. Connect a larger model for anything else.")]
    [InlineData("search", "I am a small demonstration model. Here I can search documents. Connect a larger model for anything else.")]
    [InlineData("recall clock", "I am a small demonstration model. Here I can tell the time and recall what I was told. Connect a larger model for anything else.")]
    [InlineData("search remember calculator recall", "I am a small demonstration model. Here I can calculate, remember things and search documents. Connect a larger model for anything else.")]
    public void Refusal_OfTheToolsOffered_SaysWhatTheyCanDo(string tools, string expected) =>
        Assert.Equal(expected, ToolExam.Refusal(tools.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
