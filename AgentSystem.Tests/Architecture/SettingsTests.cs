namespace AgentSystem.Tests.Architecture;

public class SettingsTests
{
    private static readonly SourceFile Document = new("docs/configuration.md", "| setting | default |\n|---|---|\n| `Routing:Slots` | 32 |\n");

    [Fact]
    public void Settings_EachOfThem_AreDocumented() =>
        Rule.Holds(SettingsRules.Check(Repository.Product, Repository.File("docs/configuration.md")), "The table of settings and the options classes say the same.");

    [Fact]
    public void Check_OptionWithoutARow_IsCaught() => Rule.Catches(
        SettingsRules.Check([Options("public int Slots { get; set; } = 32; public int MaxWaiting { get; set; }")], Document), "MaxWaiting");

    [Fact]
    public void Check_RowWithoutAnOption_IsCaught() => Rule.Catches(SettingsRules.Check([Options("public int MaxSlots { get; init; }")], Document), "Routing:Slots is no option");

    [Fact]
    public void Check_Agreement_Passes() => Assert.Empty(SettingsRules.Check([Options("public int Slots { get; set; } = 32;")], Document));

    private static SourceFile Options(string members) => new("AgentSystem.Runtime/Routing/RoutingOptions.cs", $"public sealed class RoutingOptions {{ {members} }}");
}
