using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Agents;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Agents;

public sealed class AgentsPageTests : PageTests
{
    [Fact]
    public void List_Agents_ShowsThemWithTheirTools()
    {
        var page = Open<AgentsPage>("researcher");
        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Assert.Contains("calculator", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Equal("/chat?agent=assistant", page.Find("tbody tr a.quiet-button").GetAttribute("href"));
    }

    [Fact]
    public void List_Nothing_TeachesWhatAnAgentIs()
    {
        Api.Fresh = true;
        Open<AgentsPage>("No agents yet");
    }

    [Fact]
    public void List_Archived_ShowsTheOthersAndWhereTheyCanBeBroughtBack()
    {
        Api.Agents.Archive("researcher");
        var page = Open<AgentsPage>("assistant");
        Assert.Single(page.FindAll("tbody tr"));
        Do(page, () => GoTo("/agents?archived=true"));
        Shows(page, "researcher");
        Assert.Equal("/agents/researcher", page.Find("tbody tr a.quiet-button").GetAttribute("href"));
        Assert.Equal("archived", page.Find("tbody .badge.warn").TextContent);
        Do(page, () => GoTo("/agents"));
        Shows(page, "/chat?agent=assistant");
    }

    [Fact]
    public void List_NothingArchived_SaysWhatWouldBeHere()
    {
        GoTo("/agents?archived=true");
        Open<AgentsPage>("No archived agents");
    }

    [Fact]
    public void List_ApiFails_ShowsItsWordsAndRecovers()
    {
        Api.Failing = 503;
        var page = Open<AgentsPage>("The script says no.");
        Api.Failing = null;
        Click(page, "Try again");
        Shows(page, "researcher");
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public void List_TenThousand_ShowsOnePageAtATime()
    {
        Api.Agents.Fill(10_000);
        var page = Open<AgentsPage>("Page 1");
        Assert.Equal(50, page.FindAll("tbody tr").Count);
        Click(page, "Next");
        Shows(page, "Page 2");
        Assert.Contains("agent-00050", page.Markup, StringComparison.Ordinal);
        Click(page, "Previous");
        Shows(page, "Page 1");
        Assert.Contains("agent-00000", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_Words_AsksTheApi()
    {
        Api.Agents.Fill(200);
        var page = Open<AgentsPage>("agent-00000");
        Do(page, () => page.Find("input[type=search]").Input("researcher"));
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        Do(page, () => page.Find("input[type=search]").Input("nobody"));
        Shows(page, "No agent matches");
    }
}
