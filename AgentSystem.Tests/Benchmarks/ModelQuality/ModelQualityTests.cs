using AgentSystem.Benchmarks.ModelQuality;

namespace AgentSystem.Tests.Benchmarks.ModelQuality;

public sealed class ModelQualityTests
{
    [Fact]
    public async Task ShippedModel_OnItsTestSet_ReachesTheGateOfEveryTool()
    {
        var sentences = ToolExam.Read(ModelQualityBenchmark.FindTestSet());
        var results = await ModelQualityBenchmark.AskAsync(sentences, freely: false, TestContext.Current.CancellationToken);
        var figures = ToolExam.Figures(results).ToDictionary(figure => figure.Tool, figure => figure.Exact);
        var missed = QualityGate.Percent.Where(gate => figures[gate.Key] < gate.Value).Select(gate => $"{gate.Key}: {figures[gate.Key]:F1} % is below {gate.Value} %");
        Assert.Empty(missed);
        Assert.True(100.0 * results.Count(result => result.AnswerIsExact) / results.Count >= QualityGate.Overall, "over all sentences the model is below the gate");
    }

    [Theory]
    [InlineData("", "I am a small demonstration model without tools here. Connect a larger model for anything else.")]
    [InlineData("search", "I am a small demonstration model. Here I can search documents. Connect a larger model for anything else.")]
    [InlineData("recall clock", "I am a small demonstration model. Here I can tell the time and recall what I was told. Connect a larger model for anything else.")]
    [InlineData("search remember calculator recall", "I am a small demonstration model. Here I can calculate, remember things and search documents. Connect a larger model for anything else.")]
    public void Refusal_OfTheToolsOffered_SaysWhatTheyCanDo(string tools, string expected) =>
        Assert.Equal(expected, ToolExam.Refusal(tools.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
