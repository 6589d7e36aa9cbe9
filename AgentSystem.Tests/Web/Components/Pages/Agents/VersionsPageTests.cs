using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Agents;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Agents;

public sealed class VersionsPageTests : PageTests
{
    [Fact]
    public void Versions_Several_ComparesTheTwoNewest()
    {
        var page = Open();
        Assert.Equal(3, page.FindAll("tbody tr").Count);
        Shows(page, "From version 2 to version 3");
        Shows(page, "Use the calculator for arithmetic.");
        Assert.Equal("removed: ", page.Find(".line.removed .visually-hidden").TextContent);
        Assert.Equal("+", page.Find(".line.added .sign").TextContent);
    }

    [Fact]
    public void Versions_AnyTwo_CanBeCompared()
    {
        var page = Open();
        Do(page, () => page.Find("[aria-label='Compare from version 1']").Change(true));
        Shows(page, "From version 1 to version 3");
    }

    [Fact]
    public void Versions_RolledBack_ActivatesTheOldOne()
    {
        var page = Open();
        Click(page, "Roll back to this");
        Press("Roll back to version 2");
        page.WaitForAssertion(() => Assert.Contains("v2", page.Find("tr.active").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Equal(2, Api.Agents.Active("assistant").Version);
    }

    [Fact]
    public void Versions_ActivatedAfterSomebodyElse_SaysSoAndShowsWhatIs()
    {
        var page = Open();
        Api.Agents.ChangeElsewhere("assistant");
        Click(page, "Roll back to this");
        Press("Roll back to version 2");
        Shows(page, "version_conflict");
        Assert.Contains("v4", page.Find("tr.active").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_OfAnArchivedAgent_CanBringItBackWithAnyOfThem()
    {
        Api.Agents.Archive("assistant");
        var page = Open();
        Shows(page, "This agent is archived.");
        Assert.Equal(3, page.FindAll("tbody button").Count);
        Do(page, () => page.FindAll("tbody button")[1].Click());
        Press("Bring back with version 2");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".archived")), TimeSpan.FromSeconds(20));
        Assert.Equal((2, false), (Api.Agents.Active("assistant").Version, Api.Agents.IsArchived("assistant")));
    }

    [Fact]
    public void Versions_OfAnArchivedAgent_BringBackTheOneThatAnsweredLast()
    {
        Api.Agents.Archive("assistant");
        var page = Open();
        Click(page, "Bring back");
        Press("Bring back with version 3");
        page.WaitForAssertion(() => Assert.False(Api.Agents.IsArchived("assistant")), TimeSpan.FromSeconds(20));
    }

    private IRenderedComponent<VersionsPage> Open() => Open<VersionsPage>("v1", static page => page.Add(static p => p.Name, "assistant"));
}
