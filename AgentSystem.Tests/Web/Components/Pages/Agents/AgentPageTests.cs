using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Agents;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Agents;

public sealed class AgentPageTests : PageTests
{
    [Fact]
    public void Edit_Saved_MakesAnActiveVersion()
    {
        var page = Edit();
        Assert.True(page.Find(".save .primary-button").HasAttribute("disabled"));
        Do(page, () => page.Find("#agent-instructions").Input("You answer in verse."));
        Shows(page, "Not saved yet");
        Click(page, "Save as new version");
        Shows(page, "Version 4 is active");
        Assert.Equal("You answer in verse.", Api.Agents.Active("assistant").Instructions);
    }

    [Fact]
    public void Edit_ReplicasThatAreNoWholeNumber_StayInTheFieldAndAreNotSaved()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-min").Change("1.5"));
        Shows(page, "Write whole replicas, 0 to 1000.");
        Click(page, "Save as new version");
        Shows(page, "Replicas at least: 0 to 1000.");
        Assert.Equal("1.5", page.Find("#agent-min").GetAttribute("value"));
        Assert.Equal(3, Api.Agents.Active("assistant").Version);

        Do(page, () => page.Find("#agent-min").Change("2"));
        Click(page, "Save as new version");
        Shows(page, "Version 4 is active");
        Assert.Equal(2, Api.Agents.Active("assistant").Scaling!.MinReplicas);
    }

    [Fact]
    public void Edit_SavedWithoutActivating_LeavesTheActiveOne()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-instructions").Input("You answer in verse."));
        Click(page, "Save without activating");
        Shows(page, "version 4 waits to be activated");
        Assert.Equal(3, Api.Agents.Active("assistant").Version);
    }

    [Fact]
    public void Edit_SomebodyWasFaster_KeepsWhatWasTypedAndOffersBothWays()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-instructions").Input("You answer in verse."));
        Api.Agents.ChangeElsewhere("assistant");
        Click(page, "Save as new version");
        Shows(page, "Somebody saved this agent while you were writing");
        Assert.Equal("You answer in verse.", page.Find("#agent-instructions").GetAttribute("value"));

        Click(page, "Compare");
        DialogShows("You were changed elsewhere.");
        DialogShows("You answer in verse.");
        Press("Close");

        Click(page, "Save mine anyway");
        Shows(page, "Version 5 is active");
        Assert.Equal("You answer in verse.", Api.Agents.Active("assistant").Instructions);
    }

    [Fact]
    public void Edit_SomebodyWasFaster_TheirsCanBeTaken()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-instructions").Input("You answer in verse."));
        Api.Agents.ChangeElsewhere("assistant");
        Click(page, "Save as new version");
        Shows(page, "Somebody saved this agent");
        Click(page, "Take theirs");
        Assert.Equal("You were changed elsewhere.", page.Find("#agent-instructions").GetAttribute("value"));
    }

    [Fact]
    public void Edit_AdvancedSettingsThatAreNoJson_AreNamed()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-planning").Change("{ \"a\": "));
        Click(page, "Save as new version");
        Shows(page, "Planning must be a JSON object");
    }

    [Fact]
    public void Edit_UnknownAgent_SaysSo() =>
        Open<AgentPage>("There is no agent \"nobody\".", static page => page.Add(static p => p.Name, "nobody"));

    [Fact]
    public void Edit_CurlToCopy_NamesTheAddressAndTheAgent()
    {
        var curl = Edit().Find(".call pre").TextContent;
        Assert.Contains("curl http://agents.test:8080/v1/chat/completions", curl, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"assistant\"", curl, StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_Archived_LeavesForTheList()
    {
        Click(Edit(), "Archive");
        Press("Archive");
        Arrives("/agents");
    }

    [Fact]
    public void Archived_Opened_ShowsWhatItWasAndCanBeBroughtBack()
    {
        Api.Agents.Archive("researcher");
        var page = Open<AgentPage>("This agent is archived.", static page => page.Add(static p => p.Name, "researcher"));
        Assert.True(page.Find("fieldset.whole").HasAttribute("disabled"));
        Assert.Empty(page.FindAll(".save, .side"));
        Assert.Equal("You look things up.", page.Find("#agent-instructions").GetAttribute("value"));
        Click(page, "Bring back");
        Shows(page, "Version 1 is active");
        Assert.False(Api.Agents.IsArchived("researcher"));
        Assert.Empty(page.FindAll(".archived"));
    }

    [Fact]
    public void Edit_ArchivedMeanwhile_SaysSoAndKeepsWhatWasTyped()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-instructions").Input("You answer in verse."));
        Api.Agents.Archive("assistant");
        Click(page, "Save as new version");
        Shows(page, "Somebody archived this agent while you were writing");
        Assert.Equal("You answer in verse.", page.Find("#agent-instructions").GetAttribute("value"));
        Click(page, "Show it as it is");
        Shows(page, "This agent is archived.");
    }

    [Fact]
    public void Advanced_Settings_SayWhichOfThemHaveAnEffect()
    {
        var page = Edit();
        Assert.Contains("Of these only the type has an effect today", page.Find(".advanced").TextContent, StringComparison.Ordinal);
        Assert.Equal("assistant", page.Find("#agent-type").GetAttribute("placeholder"));
    }

    [Fact]
    public void Edit_NoFallbacksAtAll_IsSavedAsNoneAndShownAgain()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-no-fallbacks").Change(true));
        Click(page, "Save as new version");
        Shows(page, "Version 4 is active");
        Assert.Equal([], Api.Agents.Active("assistant").Fallbacks);
        Assert.True(page.Find("#agent-no-fallbacks").HasAttribute("checked"));
    }

    [Fact]
    public void Try_Question_IsAnsweredWithoutAThread()
    {
        var page = Edit();
        Do(page, () => page.Find("textarea[aria-label=Message]").Input("What is 17 times 23?"));
        Do(page, () => page.Find("form.composer").Submit());
        Shows(page, "17 times 23 is 391.");
        Assert.False(Api.Questions.Single().TryGetProperty("metadata", out var metadata) && metadata.ValueKind != System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public void New_WithoutAName_IsNotSent()
    {
        var page = Open<AgentPage>("Instructions");
        Do(page, () => page.Find("#agent-instructions").Input("You do things."));
        Click(page, "Create");
        Shows(page, "Give the agent a name");
        page.WaitForAssertion(() => Assert.Equal("agent-name", Browser.JSInterop.Invocations["agentsystem.point"].Single().Arguments[0]), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Edit_SecondsThatAreNotWhole_StayInTheFieldAndAreNamed()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-seconds").Change("1.5"));
        Shows(page, "Write whole seconds, 1 to 3600.");
        Assert.Equal("1.5", page.Find("#agent-seconds").GetAttribute("value"));
        Click(page, "Save as new version");
        Shows(page, "Seconds at most: whole seconds, 1 to 3600 for one run.");
        Assert.Equal(3, Api.Agents.Active("assistant").Version);
    }

    [Fact]
    public void Edit_InstructionsBeyondTheLimit_AreCountedBesideTheField()
    {
        var page = Edit();
        Do(page, () => page.Find("#agent-instructions").Input(new string('i', 100_001)));
        Shows(page, "100,001 of at most 100,000 characters: too long to be saved.");
    }

    [Fact]
    public void New_Taken_ShowsTheApisWordsAndKeepsWhatWasTyped()
    {
        var page = Fill("assistant");
        Shows(page, "agent_exists");
        Assert.Equal("You sort invoices.", page.Find("#agent-instructions").GetAttribute("value"));
    }

    [Fact]
    public void New_FilledIn_IsMadeAndOpened()
    {
        Fill("invoice-clerk");
        Arrives("/agents/invoice-clerk");
        var made = Api.Agents.Active("invoice-clerk");
        Assert.Equal(("small", "You sort invoices."), (made.Model, made.Instructions));
        Assert.Equal(["search"], made.Tools);
    }

    private IRenderedComponent<AgentPage> Edit()
    {
        GoTo("/agents/assistant");
        return Open<AgentPage>("Save as new version", static page => page.Add(static p => p.Name, "assistant"));
    }

    private IRenderedComponent<AgentPage> Fill(string name)
    {
        var page = Open<AgentPage>("Instructions");
        Do(page, () => page.Find("#agent-name").Change(name));
        Do(page, () => page.Find("#agent-instructions").Input("You sort invoices."));
        Do(page, () => page.FindAll(".tool").Single(static tool => tool.TextContent.Contains("search", StringComparison.Ordinal)).QuerySelector("input")!.Change(true));
        Click(page, "Create");
        return page;
    }
}
