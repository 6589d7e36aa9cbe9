using System.Text.Json;
using AgentSystem.Benchmarks;

namespace AgentSystem.Tests.Benchmarks;

public sealed class ReportTests
{
    private static readonly Machine Here = new(2, "a processor", 8, "a system", ".NET", "release", "abc123", "2026-11-22 10:00 UTC", 0.5);
    private static readonly Report Report = new("gateway", "somehow", ["what", "ratio"], [["a", new Spread(2, 1, 30)]], ["a note"], 5);

    [Fact]
    public void ToJson_OfAnyReport_SaysHowToMeasureItAgainAndWhere()
    {
        using var json = JsonDocument.Parse(Report.ToJson(Here));
        Assert.Equal("dotnet run -c Release --project AgentSystem.Benchmarks -- gateway", json.RootElement.GetProperty("command").GetString());
        Assert.Equal(5, json.RootElement.GetProperty("rounds").GetInt32());
        Assert.Equal("abc123", json.RootElement.GetProperty("machine").GetProperty("commit").GetString());
        Assert.Equal(30, json.RootElement.GetProperty("rows")[0].GetProperty("ratio").GetProperty("highest").GetDouble());
    }

    [Fact]
    public void ToTable_OfASpread_ShowsLowestAndHighest() => Assert.Contains("2.00 (1.00 to 30.0)", Report.ToTable(Here), StringComparison.Ordinal);

    [Fact]
    public void Look_OnThisMachine_NamesItsProcessors()
    {
        var machine = Machine.Look(TimeProvider.System);
        Assert.Equal(Environment.ProcessorCount, machine.Processors);
        Assert.NotEmpty(machine.Processor);
        Assert.True(machine.MemoryGiB > 0);
    }
}
