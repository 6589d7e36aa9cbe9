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
    }
}
