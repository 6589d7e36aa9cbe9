using AgentSystem.Contracts.Memory;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Memory;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Memory;

public sealed class MemoryPageTests : PageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Timeline_Memories_AreShownAsTextWithTheirIntervals()
    {
        var page = Open<MemoryPage>("Anna works at Acme");
        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Assert.Single(page.FindAll("tr.over"));
        Assert.Empty(page.FindAll("tbody b"));
        page.WaitForAssertion(() => Assert.Contains("hashed-1", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void Search_OfAUser_TellsWhy()
    {
        var page = OfAda();
        Do(page, () => page.Find("input[data-search]").Input("where does Anna work"));
        Do(page, () => page.Find("form.ask").Submit());
        page.WaitForAssertion(() => Assert.Contains("holds the words: anna", page.Find(".why").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(("ada", "assistant", (DateTimeOffset?)null), (Api.Memory.Searches[0].User, Api.Memory.Searches[0].Agent, Api.Memory.Searches[0].AsOf));
    }

    [Fact]
    public void Graph_OfAUser_IsDrawnAndListedWithoutMarkupOfNames()
    {
        var page = OfAda();
        Assert.Equal((2, 1), (page.FindAll("svg circle").Count, page.FindAll("svg line").Count));
        Assert.Empty(page.FindAll("svg b"));
        Assert.Contains("<b>Anna</b> – works_at – Globex", page.Find("details li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Slider_ToAnEarlierDay_ShowsWhatWasSoThen()
    {
        var page = OfAda();
        Do(page, () => page.Find("#memory-as-of").Change("430"));
        page.WaitForAssertion(() => Assert.Equal(["Anna works at Acme"], page.FindAll("td.what").Select(static cell => cell.TextContent)), Patience);
        Assert.NotEqual("now", page.Find("output").TextContent);
    }

    [Fact]
    public void Forget_AskedAndConfirmed_TakesItFromTheList()
    {
        var page = OfAda();
        Do(page, () => page.FindAll("button.small-button")[1].Click());
        Press("Forget");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), Patience);
    }

    [Fact]
    public void Erase_AUser_ShowsTheReceipt()
    {
        var page = OfAda();
        Click(page, "Erase a user");
        SubmitDialog();
        DialogShows("ers-1");
        page.WaitForAssertion(() => Assert.Single(Api.Memory.Erasures), Patience);
        Assert.Equal("ada", Api.Memory.Erasures[0].User);
    }

    [Fact]
    public void List_Nothing_TeachesHowItBegins()
    {
        Api.Fresh = true;
        Open<MemoryPage>("POST /api/v1/memory");
    }

    [Fact]
    public void List_ApiFails_ShowsItsWords()
    {
        Api.Failing = 500;
        Open<MemoryPage>("scripted_failure");
    }

    [Fact]
    public void Place_AnyGraph_DrawsFewThingsInsideThePicture()
    {
        var graph = new MemoryGraph([.. Enumerable.Range(0, 100).Select(static i => new MemoryNode($"n{i}", $"Name {i}", "name", i))], []);
        var places = GraphPicture.Place(graph);
        Assert.Equal(GraphPicture.Most, places.Count);
        Assert.All(places, static place => Assert.True(place.X is > 0 and < GraphPicture.Size && place.Y is > 0 and < GraphPicture.Size));
    }

    private IRenderedComponent<MemoryPage> OfAda()
    {
        var page = Open<MemoryPage>("Anna works at Acme");
        Do(page, () => page.Find("#memory-user").Change("ada"));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("svg circle")), Patience);
        return page;
    }
}
