namespace AgentSystem.Tests.Architecture;

public class DangerTests
{
    [Fact]
    public void Product_ThatAnswersRequests_StartsNoProgramsAndMakesNoCodeOfText() =>
        Rule.Holds(DangerRules.Check(Repository.Product), "Find another way; if there is none, list the file in DangerRules with its reason.");

    [Theory]
    [InlineData("AgentSystem.Runtime/Tools/Mcp/Stdio.cs", "Process.Start(command);", "Process.Start")]
    [InlineData("AgentSystem.Api/Tools/Add.cs", "var start = new ProcessStartInfo(body.Command);", "ProcessStartInfo")]
    [InlineData("AgentSystem.Web/Components/Show.razor", "@((MarkupString)text)", "MarkupString")]
    [InlineData("AgentSystem.Runtime/Planning/Run.cs", "await CSharpScript.EvaluateAsync(plan);", "CSharpScript")]
    public void Check_OfADanger_IsCaught(string path, string code, string named) => Rule.Catches(DangerRules.Check([new SourceFile(path, code)]), named);

    [Theory]
    [InlineData("AgentSystem.AppHost/Embedded/Command.cs", "Process.Start(postgres);")]
    [InlineData("AgentSystem.Runtime/Tools/Text.cs", "var advice = \"never call Process.Start(x)\"; // Process.Start")]
    public void Check_WhereItBelongs_Passes(string path, string code) => Assert.Empty(DangerRules.Check([new SourceFile(path, code)]));
}
