using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Sessions;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Sessions;

public sealed class SessionPagesTests : PageTests
{
    [Fact]
    public void List_Sessions_ShowsThemWithTheirVersions()
    {
        var page = Open<SessionsPage>("trip/1");
        Assert.Equal(["7", "1"], page.FindAll("td[data-label=Version]").Select(cell => cell.TextContent));
        Assert.Contains("/state/assistant/trip%2F1", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Nothing_TeachesHowASessionBegins()
    {
        Api.Fresh = true;
        Open<SessionsPage>("PATCH /api/v1/state");
    }

    [Fact]
    public void List_ApiFails_ShowsItsWords()
    {
        Api.Failing = 500;
        Open<SessionsPage>("scripted_failure");
    }

    [Fact]
    public void Session_Values_AreShownAsTextWithTheirConflicts()
    {
        var page = Read();
        Assert.Contains("\"from\": \"Graz\"", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("b"));
        Assert.Contains("1 conflict waits", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Session_AKeyRemoved_GoesOnTopOfWhatWasSeen()
    {
        var page = Read();
        Do(page, () => page.Find("button[aria-label='Remove seats']").Click());
        Press("Remove");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("section.value")), TimeSpan.FromSeconds(20));
        Assert.Equal(["\"7\""], Api.Sessions.Removals);
    }

    [Fact]
    public void Session_Deleted_LeavesForTheList()
    {
        Click(Read(), "Delete");
        Press("Delete");
        Arrives("/state");
    }

    [Fact]
    public void Session_Unknown_SaysSo() => Open<SessionPage>("session_not_found", static page => page.Add(static p => p.Agent, "assistant").Add(static p => p.Session, "none"));

    [Fact]
    public void Conflicts_BothValues_StandSideBySide()
    {
        var page = Open<ConflictsPage>("Take what came");
        Assert.Equal(2, page.FindAll(".side pre").Count);
        Assert.Contains("Linz", page.FindAll(".side pre")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Wels", page.FindAll(".side pre")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("b"));
    }

    [Fact]
    public void Conflicts_Decided_AreGoneFromTheQueue()
    {
        var page = Open<ConflictsPage>("Take what came");
        Click(page, "Take what came");
        Shows(page, "Nothing waits for a decision");
        Assert.Equal("incoming", Api.Sessions.Decisions.Single().Choice);
        Click(page, "Show decided ones");
        Shows(page, "What came was taken by");
        Assert.Contains("What was there stayed by the rule timestamp", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Conflicts_AnotherValue_MustBeJson()
    {
        var page = Open<ConflictsPage>("Set another value");
        Click(page, "Set another value");
        TypeInDialog("#other-json", "{\"to\":");
        SubmitDialog();
        DialogShows("That is not JSON");
        TypeInDialog("#other-json", "{\"to\":\"Steyr\"}");
        SubmitDialog();
        Shows(page, "Nothing waits for a decision");
        Assert.Equal("""{"to":"Steyr"}""", Api.Sessions.Decisions.Single().Value!.Value.GetRawText());
    }

    private IRenderedComponent<SessionPage> Read() => Open<SessionPage>("Graz", static page => page.Add(static p => p.Agent, "assistant").Add(static p => p.Session, "trip/1"));
}
