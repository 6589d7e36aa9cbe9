using AgentSystem.Contracts.Tools;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Tools;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Tools;

public sealed class ToolPagesTests : PageTests
{
    [Fact]
    public void List_Tools_ShowsWhereTheyAreAndHowTheyDo()
    {
        var page = Open<ToolsPage>("weather");

        Assert.Equal(["calculator", "clock", "recall", "remember", "search", "station", "station_forecast", "weather"], page.FindAll("tbody .row-link").Select(static link => link.TextContent));
        Assert.Contains("12 calls, 1 failed", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Waits for approval", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Tells the &lt;b&gt;weather&lt;/b&gt;.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_AWrongAddressThenAGoodOne_SaysWhyAndWhatCameOfIt()
    {
        var page = Open<ToolsPage>("weather");
        Click(page, "New tool");
        TypeInDialog("#tool-name", "pets");
        TypeInDialog("#tool-url", "http://example.com");
        TypeInDialog("#tool-header", "Bearer secret");
        SubmitDialog();
        DialogShows("must be an https address");
        TypeInDialog("#tool-url", "https://example.com/pets");
        SubmitDialog();
        DialogShows("It can be called now.");
        Press("Done");

        Shows(page, "pets");
        var made = Assert.Single(Api.Tools.Made);
        Assert.Equal(("pets", ToolKind.Http, "https://example.com/pets", "Bearer secret"), (made.Name, made.Kind, made.Url, made.Headers!["Authorization"]));
    }

    [Fact]
    public void Tool_TriedWithItsForm_SendsTheArgumentsByTheirTypesAndShowsTheResult()
    {
        var page = Open<ToolPage>("Try it", Of(ScriptedTools.Works));
        Assert.Equal(["city", "days (optional)", "unit (optional)"], page.FindAll("#trial label").Select(static label => label.TextContent.Trim()));
        page.Find("#argument-city").Change("Rome");
        page.Find("#argument-days").Change("3");
        page.Find("#argument-unit").Change("C");
        page.Find("#trial").Submit();

        Shows(page, "sunny &lt;script&gt;");
        Assert.Equal("""{"city":"Rome","days":3,"unit":"C"}""", Assert.Single(Api.Tools.Called).Arguments!.Value.GetRawText());
    }

    [Fact]
    public void Tool_WithANumberThatIsNone_SaysWhichFieldAndCallsNobody()
    {
        var page = Open<ToolPage>("Try it", Of(ScriptedTools.Works));
        page.Find("#argument-days").Change("three");
        page.Find("#trial").Submit();

        Shows(page, "cannot be read; write what its field says");
        Assert.Empty(Api.Tools.Called);
    }

    [Fact]
    public void Tool_ThatChanged_ShowsWhatItSaysNowAndIsApproved()
    {
        var page = Open<ToolPage>("nobody calls it", Of(ScriptedTools.Changed));
        Assert.Contains("files first.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Try it", page.Markup, StringComparison.Ordinal);
        Click(page, "Approve version 2");

        page.WaitForAssertion(() => Assert.DoesNotContain("nobody calls it", page.Markup, StringComparison.Ordinal));
        Assert.Equal((ToolState.Active, 2), Api.Tools.Find(ScriptedTools.Changed) is { } tool ? (tool.State, tool.Version) : default);
    }

    [Fact]
    public void Tool_TurnedOff_IsNotOfferedToTry()
    {
        var page = Open<ToolPage>("Try it", Of(ScriptedTools.Works));
        Click(page, "Turn off");

        page.WaitForAssertion(() => Assert.Contains("Turn on", page.Markup, StringComparison.Ordinal));
        Assert.Equal(ToolState.Disabled, Api.Tools.Find(ScriptedTools.Works)!.State);
    }

    [Fact]
    public void Tool_Deleted_LeadsBackToTheList()
    {
        var page = Open<ToolPage>("Try it", Of(ScriptedTools.Works));
        Click(page, "Delete");
        Press("Delete");
        Arrives("/tools");
        Assert.Null(Api.Tools.Find(ScriptedTools.Works));
    }

    [Fact]
    public void Tool_ThatThereIsNot_IsSaid() => Open<ToolPage>("There is no tool", Of("none"));

    private static Action<ComponentParameterCollectionBuilder<ToolPage>> Of(string name) => parameters => parameters.Add(page => page.Name, name);
}
