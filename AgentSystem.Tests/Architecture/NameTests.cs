namespace AgentSystem.Tests.Architecture;

public class NameTests
{
    [Fact]
    public void Folders_EachOfThem_NameACapability() => Rule.Holds(NameRules.CheckFolders(Repository.Files), "Name the folder after what it does for a caller.");

    [Fact]
    public void Namespaces_EachOfThem_FollowTheFolders() => Rule.Holds(NameRules.CheckNamespaces(Repository.Files.Where(file => file.Project is not null)), "Move the file or mend the namespace.");

    [Theory]
    [InlineData("AgentSystem.Runtime/Core/Thing.cs")]
    [InlineData("AgentSystem.Runtime/Tools/Helpers/Thing.cs")]
    [InlineData("AgentSystem.Web/Services/Thing.cs")]
    [InlineData("AgentSystem.Runtime/Models/Thing.cs")]
    public void CheckFolders_RoleFolder_IsCaught(string path) => Rule.Catches(NameRules.CheckFolders([new SourceFile(path, "")]), "names a role");

    [Theory]
    [InlineData("AgentSystem.Contracts/Models/ModelView.cs")]
    [InlineData("AgentSystem.Tests/Api/Models/ListModelsTests.cs")]
    [InlineData("models/assistant/genai_config.json")]
    public void CheckFolders_ModelsAsANoun_Passes(string path) => Assert.Empty(NameRules.CheckFolders([new SourceFile(path, "")]));

    [Fact]
    public void CheckNamespaces_OtherFolder_IsCaught() =>
        Rule.Catches(NameRules.CheckNamespaces([new SourceFile("AgentSystem.Runtime/Tools/Clock.cs", "namespace AgentSystem.Runtime.Memory;")]), "expected AgentSystem.Runtime.Tools");
}
