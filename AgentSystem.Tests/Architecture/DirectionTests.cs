namespace AgentSystem.Tests.Architecture;

public class DirectionTests
{
    [Fact]
    public void RuntimeCapabilities_EachOfThem_UseOnlyWhatLiesBelow() =>
        Rule.Holds(DirectionRules.Check("AgentSystem.Runtime", DirectionRules.Runtime, Repository.Product), "The allowed directions are in DirectionRules.Runtime.");

    [Fact]
    public void ControlCapabilities_EachOfThem_UseOnlyMonitoringAndState() =>
        Rule.Holds(DirectionRules.Check("AgentSystem.Control", DirectionRules.Control, Repository.Product), "The allowed directions are in DirectionRules.Control.");

    [Fact]
    public void Tables_OfBothPlanes_HaveNoCircle()
    {
        Assert.Null(DirectionRules.Circle(DirectionRules.Runtime));
        Assert.Null(DirectionRules.Circle(DirectionRules.Control));
    }

    [Fact]
    public void Check_ToolsUsingCachingByItsFullName_IsCaught() => Rule.Catches(Tools("using AgentSystem.Runtime.Caching;"), "Tools may not use Caching");

    [Fact]
    public void Check_ToolsUsingCachingByItsShortName_IsCaught() => Rule.Catches(Tools("var cache = new Caching.AnswerCache();"), "Tools may not use Caching");

    [Fact]
    public void Check_ToolsUsingMemory_Passes() => Assert.Empty(Tools("using AgentSystem.Runtime.Memory;"));

    [Fact]
    public void Check_FolderWithoutRow_IsCaught() =>
        Rule.Catches(DirectionRules.Check("AgentSystem.Runtime", DirectionRules.Runtime, [new SourceFile("AgentSystem.Runtime/Magic/Wand.cs", "class Wand;")]), "no row");

    [Fact]
    public void Circle_TwoThatUseEachOther_IsFound() =>
        Assert.NotNull(DirectionRules.Circle(new Dictionary<string, string[]> { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["A"] }));

    private static IEnumerable<string> Tools(string code) => DirectionRules.Check("AgentSystem.Runtime", DirectionRules.Runtime,
    [
        new SourceFile("AgentSystem.Runtime/Tools/Clock.cs", code),
        new SourceFile("AgentSystem.Runtime/Caching/AnswerCache.cs", "internal sealed class AnswerCache;"),
        new SourceFile("AgentSystem.Runtime/Memory/Recall.cs", "internal sealed class Recall;"),
    ]);
}
