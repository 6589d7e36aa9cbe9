using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

public class ReadmeTests
{
    private const string TestCommand = "dotnet test", RunCommand = "dotnet run --project AgentSystem.AppHost";

    private static readonly SourceFile[] Documents = [.. Repository.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal))];

    [Fact]
    public void Capabilities_EachOfThem_HaveAShortReadme() =>
        Rule.Holds(ReadmeRules.CheckCapabilities(Repository.Files), "Write owns / ports / guarantees / never logs, in at most 40 lines.");

    [Fact]
    public void CapabilityReadmes_EachOfThem_NameOnlyTypesThatExist() =>
        Rule.Holds(ReadmeRules.CheckNames(Documents.Where(file => file.Project is not null), Repository.Files.Where(file => file.IsCode || file.Project is not null)), "Mend the word, or take it away.");

    [Fact]
    public void Documents_EachOfThem_LinkToWhatExists() => Rule.Holds(ReadmeRules.CheckPaths(Documents, Repository.Exists), "Mend the link, the path or the command.");

    [Fact]
    public void Readme_ItsTwoCommands_AreTheOnesThatRunAndTest() =>
        Assert.Equal([RunCommand, TestCommand], ReadmeRules.Commands(Repository.File("README.md")).Where(command => command.StartsWith("dotnet", StringComparison.Ordinal)));

    [Fact]
    public void CiRun_ItsTestCommand_IsTheOneOfTheReadme() =>
        Assert.Contains(Repository.File(".ci/run").Lines, line => Regex.IsMatch(line, $@"^[^#]*\b{TestCommand}(\s|$)"));

    [Fact]
    public void CheckCapabilities_NoReadme_IsCaught() =>
        Rule.Catches(ReadmeRules.CheckCapabilities([new SourceFile("AgentSystem.Runtime/Tools/Clock.cs", "")]), "has no README.md");

    [Fact]
    public void CheckCapabilities_LongReadme_IsCaught() =>
        Rule.Catches(ReadmeRules.CheckCapabilities([new SourceFile("AgentSystem.Runtime/Tools/Clock.cs", ""), new SourceFile("AgentSystem.Runtime/Tools/README.md", new string('\n', 41) + "end")]), "at most 40");

    [Theory]
    [InlineData("The port is `IVanished`.")]
    [InlineData("Call `AddVanished()`.")]
    [InlineData("See `Clock.Vanished`.")]
    public void CheckNames_DeadType_IsCaught(string text) => Rule.Catches(Names(text), "is nowhere");

    [Theory]
    [InlineData("The port is `Clock`, asked by `GET /ready` with `POST`, `200`, `snake_case` and `README.md`.")]
    [InlineData("```csharp\nnew Vanished()\n```")]
    public void CheckNames_LivingOrNoType_Passes(string text) => Assert.Empty(Names(text));

    [Theory]
    [InlineData("See [it](docs/vanished.md).")]
    [InlineData("See `docs/vanished.md`.")]
    [InlineData("```bash\ndotnet run --project AgentSystem.Vanished\n```")]
    public void CheckPaths_DeadTarget_IsCaught(string text) => Rule.Catches(ReadmeRules.CheckPaths([new SourceFile("README.md", text)], _ => false), "anished");

    [Fact]
    public void CheckPaths_RelativeLink_IsResolvedFromItsDocument() =>
        Assert.Empty(ReadmeRules.CheckPaths([new SourceFile("docs/decisions/0001-a.md", "[up](../architecture.md) [out](https://example.com)")], path => path == "docs/architecture.md"));

    private static IEnumerable<string> Names(string text) =>
        ReadmeRules.CheckNames([new SourceFile("AgentSystem.Runtime/Tools/README.md", text)], [new SourceFile("AgentSystem.Runtime/Tools/Clock.cs", "internal sealed class Clock { // Vanished\n }")]);
}
