namespace AgentSystem.Tests.Architecture;

public class ReferenceTests
{
    [Fact]
    public void Projects_AllOfThem_ReferenceExactlyWhatTheHouseAllows() =>
        Rule.Holds(ReferenceRules.Check(Repository.Projects), "The table is in ReferenceRules; facts flow up, decisions flow down, nobody calls across.");

    [Fact]
    public void Projects_AllOfTheTable_Exist() =>
        Assert.Empty(ReferenceRules.Table.Keys.Concat(ReferenceRules.Free).Except(Repository.Projects.Select(project => project.Name)));

    [Fact]
    public void Sources_OfAPlane_NeverNameTheOtherPlane() =>
        Rule.Holds(ReferenceRules.CheckNames(Repository.Product), "Move what both need to Contracts, or pass it as a fact or a decision.");

    [Fact]
    public void Check_RuntimeReferencingControl_IsCaught() =>
        Rule.Catches(ReferenceRules.Check([Project("AgentSystem.Runtime", "AgentSystem.Contracts", "AgentSystem.Control")]), "may not reference AgentSystem.Control");

    [Fact]
    public void Check_UnknownProject_IsCaught() => Rule.Catches(ReferenceRules.Check([Project("AgentSystem.Core")]), "no row");

    [Fact]
    public void Check_MissingReference_IsCaught() => Rule.Catches(ReferenceRules.Check([Project("AgentSystem.Control")]), "must reference AgentSystem.Contracts");

    [Theory]
    [InlineData("AgentSystem.Runtime/Routing/Pick.cs", "using AgentSystem.Control.Scaling;", "AgentSystem.Control")]
    [InlineData("AgentSystem.Control/Cost/Prices.cs", "var x = new AgentSystem.Runtime.Tools.Clock();", "AgentSystem.Runtime")]
    [InlineData("AgentSystem.Web/Pages/Chat.razor", "@using AgentSystem.Api.Chat", "AgentSystem.Api")]
    public void CheckNames_ForbiddenName_IsCaught(string path, string text, string named) =>
        Rule.Catches(ReferenceRules.CheckNames([new SourceFile(path, text)]), $"names {named}");

    [Theory]
    [InlineData("// see AgentSystem.Control.Scaling")]
    [InlineData("var text = \"AgentSystem.Control\";")]
    [InlineData("using AgentSystem.ControlRoom;")]
    public void CheckNames_WordsThatAreNotCode_Pass(string text) =>
        Assert.Empty(ReferenceRules.CheckNames([new SourceFile("AgentSystem.Runtime/Routing/Pick.cs", text)]));

    private static ProjectFile Project(string name, params string[] references) =>
        new($"{name}/{name}.csproj", name, references.ToHashSet(), new HashSet<string>());
}
