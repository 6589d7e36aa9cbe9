using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Security;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Security;

public sealed class SecurityPagesTests : PageTests
{
    [Fact]
    public void Live_Verdicts_AreCountedAndSayWhy()
    {
        var page = Open<SecurityPage>("override_instructions");

        Assert.Equal(["1,234", "5", "3"], page.FindAll(".stat .value").Select(static value => value.TextContent.Trim()));
        Shows(page, "read as base64");
        Shows(page, "key storefront");
        Assert.Contains(page.FindAll("td .badge"), static badge => badge.TextContent == "blocked");
    }

    [Fact]
    public void Live_WhatIsContained_CanBeLifted()
    {
        var page = Open<SecurityPage>("The policy contains it by itself.");
        Do(page, () => page.Find("[aria-label='Lift what is placed on key:key_chat']").Click());
        DialogShows("key storefront goes on as before");
        Press("Lift");
        Notes("It is lifted");
        page.WaitForAssertion(() => Assert.DoesNotContain("The policy contains it by itself.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void KillSwitch_WithoutTheWord_IsNotPulled()
    {
        Click(Open<SecurityPage>("Kill switch"), "Kill switch");
        TypeInDialog("#kill-scope", "tenant");
        TypeInDialog("#kill-reason", "a drill");
        TypeInDialog("#kill-sure", "stop");
        SubmitDialog();
        DialogShows("Write STOP, in capitals");

        Assert.Empty(Api.Security.Written);
        Press("Cancel");
    }

    [Fact]
    public void KillSwitch_Confirmed_StopsTheAgentAndShowsIt()
    {
        var page = Open<SecurityPage>("Kill switch");
        Click(page, "Kill switch");
        TypeInDialog("#kill-agent", "assistant");
        TypeInDialog("#kill-reason", "a drill");
        TypeInDialog("#kill-sure", "STOP");
        SubmitDialog();
        Notes("Stopped, in every process");

        Assert.Equal(new PullKillSwitch("agent:assistant", "a drill"), Assert.Single(Api.Security.Written));
        Shows(page, "agent:assistant");
    }

    [Fact]
    public void KillSwitch_WhatTheApiRefuses_SaysWhy()
    {
        Click(Open<SecurityPage>("Kill switch"), "Kill switch");
        TypeInDialog("#kill-agent", "nobody");
        TypeInDialog("#kill-reason", "a drill");
        TypeInDialog("#kill-sure", "STOP");
        SubmitDialog();

        DialogShows("There is no agent");
        Press("Cancel");
    }

    [Fact]
    public void Live_WithoutAnything_SaysWhatStandsHere()
    {
        Api.Security.Clear();
        Shows(Open<SecurityPage>("Nothing was flagged"), "Every input is read before a model sees it");
    }

    [Fact]
    public void Incidents_AreShownInWordsWithWhatCanBeDone()
    {
        var page = Open<IncidentsPage>("Guessing credentials");

        Shows(page, "Inputs refused again and again");
        Assert.Equal(["Evidence", "Slow down", "Quarantine", "Resolve", "Evidence"], page.FindAll("td button").Select(static button => button.TextContent));
    }

    [Fact]
    public void Incident_PutInQuarantine_AsksFirst()
    {
        var page = Open<IncidentsPage>("Quarantine");
        Click(page, "Quarantine");
        DialogShows("key storefront is in quarantine in every process");
        Press("Quarantine");
        Notes("is in quarantine");

        Assert.Equal(new ContainIncident(ContainmentKind.Quarantine), Assert.Single(Api.Security.Written));
        page.WaitForAssertion(() => Assert.Contains(page.FindAll("td .badge"), static badge => badge.TextContent == "contained"));
    }

    [Fact]
    public void Incident_Resolved_IsSaid()
    {
        var page = Open<IncidentsPage>("Resolve");
        Click(page, "Resolve");
        Press("Resolve");
        Notes("The incident is resolved");
        page.WaitForAssertion(() => Assert.Equal(["Evidence", "Evidence"], page.FindAll("td button").Select(static button => button.TextContent)));
    }

    [Fact]
    public void Evidence_OfAnIncident_ShowsCountersRequestsAndContainments()
    {
        Click(Open<IncidentsPage>("Evidence"), "Evidence");

        DialogShows("req_flagged");
        DialogShows("override_instructions");
        DialogShows("2.9");
        DialogShows("Slow down by system");
        Press("Close");
    }

    [Fact]
    public void Incidents_OfOneState_AreAskedFor()
    {
        var page = Open<IncidentsPage>("Guessing credentials");
        Do(page, () => page.Find("#incident-status").Change("open"));
        page.WaitForAssertion(() => Assert.DoesNotContain("Guessing credentials", page.Markup, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("an attack", "blocked", "override_instructions (read as base64)")]
    [InlineData("write to a@example.com", "allowed", "EMAIL_ADDRESS")]
    public void Try_AText_ShowsVerdictViolationsStepsAndFindings(string text, string verdict, string shown)
    {
        var page = Open<TryTextPage>("Try a text");
        Do(page, () => page.Find("#try-text").Change(text));
        Do(page, () => page.Find("form").Submit());

        Shows(page, shown);
        Shows(page, "prompt injection check");
        Assert.Equal(verdict, page.Find("h2 .badge").TextContent);
    }

    [Fact]
    public void Try_Nothing_IsSaidBeforeTheApiIsAsked()
    {
        var page = Open<TryTextPage>("Try a text");
        Do(page, () => page.Find("form").Submit());

        Shows(page, "Write a text first");
        Assert.Empty(Api.Security.Written);
    }

    [Fact]
    public void Intelligence_Imported_SaysWhatWasSkipped()
    {
        var page = Open<IntelligencePage>("198.51.100.0/24");
        Click(page, "Import a list");
        TypeInDialog("#import-source", "own");
        TypeInDialog("#import-list", "imported words\nsha256:oops");
        TypeInDialog("#import-sure", "0.95");
        SubmitDialog();
        Notes("1 were skipped: 2: It is no hash.");

        Assert.Equal(new ImportIntelligence("own", "imported words\nsha256:oops", null, .95), Assert.Single(Api.Security.Written));
        Shows(page, "imported words");
    }

    [Fact]
    public void Intelligence_ABundle_IsSentAsOneAndBrokenOnesAreNot()
    {
        Click(Open<IntelligencePage>("feed"), "Import a list");
        TypeInDialog("#import-source", "feed");
        TypeInDialog("#import-list", "{ broken");
        SubmitDialog();
        DialogShows("is no JSON");
        TypeInDialog("#import-list", """{"type":"bundle","objects":[]}""");
        SubmitDialog();
        Notes("count from now on");

        Assert.Equal("bundle", (string?)Assert.IsType<ImportIntelligence>(Assert.Single(Api.Security.Written)).Bundle!["type"]);
    }

    [Fact]
    public void Intelligence_ASource_IsRemovedAfterAsking()
    {
        var page = Open<IntelligencePage>("purple elephant protocol");
        Do(page, () => page.Find("[aria-label='Remove everything of feed']").Click());
        Press("Remove");
        page.WaitForAssertion(() => Assert.DoesNotContain("198.51.100.0/24", page.Markup, StringComparison.Ordinal));
        Do(page, () => page.Find("[aria-label='Remove purple elephant protocol']").Click());
        Shows(page, "Nothing is listed");
    }

    [Fact]
    public void Words_OfEveryKind_AreThere()
    {
        Assert.All(Enum.GetValues<ContainmentKind>(), static kind => Assert.NotEqual("", SecurityWords.Of(kind) + SecurityWords.Verb(kind)));
        Assert.Equal("something new", SecurityWords.Of("something_new"));
        Assert.Equal([ContainmentKind.Throttle, ContainmentKind.Quarantine], SecurityWords.Actions("address:192.0.2.1"));
        Assert.Equal([ContainmentKind.Quarantine, ContainmentKind.Kill], SecurityWords.Actions("agent:assistant"));
    }
}
