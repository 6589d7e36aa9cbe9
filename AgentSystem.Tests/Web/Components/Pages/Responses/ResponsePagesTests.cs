using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Responses;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Responses;

public sealed class ResponsePagesTests : PageTests
{
    [Fact]
    public void List_Responses_ShowsTheNewestFirstWithWhatBecameOfThem()
    {
        var page = Open<ResponsesPage>("look everything up");

        Assert.Equal(["in progress", "completed"], page.FindAll("tbody .badge").Select(static badge => badge.TextContent));
        Assert.Contains("how &lt;b&gt;far&lt;/b&gt; is it", page.Markup, StringComparison.Ordinal);
        Assert.Contains("in the background", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void List_NarrowedToAStatusNoneHas_OffersAllAgain()
    {
        var page = Open<ResponsesPage>("look everything up");
        page.Find("select").Change("failed");
        Shows(page, "No response matches");
        Click(page, "Show all");
        Shows(page, "look everything up");
    }

    [Fact]
    public void List_Nothing_TeachesWhereResponsesComeFrom()
    {
        Api.Fresh = true;
        Open<ResponsesPage>("No response is kept");
    }

    [Fact]
    public void Response_Whole_ShowsWhatWasAskedDoneAndSaid()
    {
        var page = Open<ResponsePage>("It is 12 km.", of => of.Add(one => one.Id, ScriptedResponses.Whole));
        Shows(page, "how &lt;b&gt;far&lt;/b&gt; is it");
        Shows(page, "search");
        Shows(page, "12 tokens read, 7 written");
        Assert.DoesNotContain(page.FindAll("button"), static button => button.TextContent == "Cancel");
    }

    [Fact]
    public void Response_InTheBackground_IsCancelledAfterAsking()
    {
        var page = Open<ResponsePage>("in progress", of => of.Add(one => one.Id, ScriptedResponses.Made));
        Click(page, "Cancel");
        DialogShows("Its run goes no further");
        Press("Cancel it");
        Shows(page, "cancelled");
        Assert.Equal("cancelled", Api.Responses.Find(ScriptedResponses.Made)!.Status);
    }

    [Fact]
    public void Response_Deleted_IsGoneAndTheListIsShown()
    {
        var page = Open<ResponsePage>("It is 12 km.", of => of.Add(one => one.Id, ScriptedResponses.Whole));
        Click(page, "Delete");
        DialogShows("It is gone for good");
        Press("Delete");
        page.WaitForAssertion(() => Assert.Equal("/responses", Here), TimeSpan.FromSeconds(20));
        Assert.Null(Api.Responses.Find(ScriptedResponses.Whole));
    }

    [Fact]
    public void Response_ThatIsNotThere_SaysSo() =>
        Open<ResponsePage>("There is no response", of => of.Add(one => one.Id, "resp_nowhere"));
}
