using AgentSystem.Contracts.Runs;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Runs;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Runs;

public sealed class RunPagesTests : PageTests
{
    private static TimeSpan Patience => TimeSpan.FromSeconds(20);

    [Fact]
    public void List_Runs_ShowsWhatWasAskedAndWhereTheyStand()
    {
        var page = Open<RunsPage>("question of run_done0001");
        Assert.Contains("waiting", page.Markup, StringComparison.Ordinal);
        Do(page, () => page.Find("select[aria-label=Status]").Change("success"));
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), Patience);
    }

    [Fact]
    public void List_Nothing_TeachesHowOneIsBegun()
    {
        Api.Fresh = true;
        Open<RunsPage>("POST /api/v1/runs");
    }

    [Fact]
    public void Begin_FromTheList_AsksTheAgentAndOpensTheRun()
    {
        var page = Open<RunsPage>("question of run_done0001");
        Click(page, "Begin a run");
        TypeInDialog("#begin-agent", "assistant", input: true);
        // The field waits a moment for more letters; the name alone stands among its suggestions before.
        DialogShows("value=\"assistant\" placeholder=\"choose an agent\"");
        TypeInDialog("#begin-input", "count to ten");
        TypeInDialog("#begin-budget", "0.5");
        SubmitDialog();
        Arrives("/runs/" + ScriptedRuns.Done);

        Assert.Equal(("assistant", "count to ten", (decimal?)0.5m), Assert.Single(Api.Runs.Begun) is var run ? (run.Agent, run.Input, run.BudgetUsd) : default);
    }

    [Fact]
    public void Begin_WithoutAnAgent_ShowsWhyNot()
    {
        var page = Open<RunsPage>("question of run_done0001");
        Click(page, "Begin a run");
        TypeInDialog("#begin-input", "count");
        SubmitDialog();
        DialogShows("There is no agent");
    }

    [Fact]
    public void Run_ThatIsDone_ShowsItsAnswerItsStepsAndTheirBars()
    {
        var page = Read(ScriptedRuns.Done);
        Assert.Equal(3, page.FindAll("li details").Count);
        Assert.Equal(3, page.FindAll(".bar").Count);
        Assert.Contains("looked", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("b"));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Cancel the run", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_ThatIsNot_ShowsTheApisWords() => Open<RunPage>("run_not_found", page => page.Add(run => run.Id, "run_none"));

    [Fact]
    public void Run_ThatWaits_IsApprovedWithTheArgumentsThatWereShown()
    {
        var page = Read(ScriptedRuns.Waits, "May");
        Assert.Contains("<b>42</b>", page.Find("pre.snippet").TextContent, StringComparison.Ordinal);
        Click(page, "Approve");
        Notes("The call is approved.");
        Shows(page, "went on");

        Assert.Equal(new DecideApproval("approve", "call_1", null, "abc123"), Assert.Single(Api.Runs.Decisions));
    }

    [Fact]
    public void Run_ThatWaits_IsRejectedWithAReason()
    {
        var page = Read(ScriptedRuns.Waits, "May");
        Do(page, () => page.Find("input[id^=reason]").Change("too hot"));
        Click(page, "Reject");
        Notes("The call is rejected.");

        Assert.Equal(new DecideApproval("reject", "call_1", "too hot", "abc123"), Assert.Single(Api.Runs.Decisions));
    }

    [Fact]
    public async Task Run_ThatGoesOn_ShowsWhatItSaysAndGoesOnAfterTheStreamBrokeOff()
    {
        var page = Read(ScriptedRuns.GoesOn, "half an answer");
        Assert.Equal("2", await Api.Runs.WentOnAfter.Task.WaitAsync(Patience));
        Api.Runs.End();
        Shows(page, "the whole answer");

        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Cancel the run", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_ThatBeganAnother_AndTheOther_LinkEachOther()
    {
        var above = Read(ScriptedRuns.GoesOn, "Runs it began");
        var link = above.Find("section[aria-label='Runs it began'] li a");
        Assert.Equal("/runs/" + ScriptedRuns.Waits, link.GetAttribute("href"));
        Assert.Contains("waiting", above.Find("section[aria-label='Runs it began'] li").TextContent, StringComparison.Ordinal);

        var below = Read(ScriptedRuns.Waits, "Begun by");
        Assert.Single(below.FindAll($"a[href='/runs/{ScriptedRuns.GoesOn}']"));
        Assert.Empty(below.FindAll("section[aria-label='Runs it began']"));
    }

    [Fact]
    public void Cancel_ARunThatWaits_EndsIt()
    {
        var page = Read(ScriptedRuns.Waits, "May");
        Click(page, "Cancel the run");
        Press("Cancel the run");
        Shows(page, "cancelled");

        Assert.Equal(RunStatus.Cancelled, Api.Runs.Run(ScriptedRuns.Waits).Status);
    }

    [Fact]
    public void Fork_AfterAStep_OpensTheNewRun()
    {
        var page = Read(ScriptedRuns.Done);
        Do(page, () => page.FindAll("button").First(button => button.TextContent.Contains("Fork after this step", StringComparison.Ordinal)).Click());
        Arrives("/runs/" + ScriptedRuns.GoesOn);

        Assert.Equal(1, Assert.Single(Api.Runs.Forks));
    }

    [Fact]
    public void Schedules_ArePausedMadeAndDeleted()
    {
        var page = Open<SchedulesPage>("each morning");
        Click(page, "Pause");
        Shows(page, "Resume");
        Click(page, "New schedule");
        TypeInDialog("#schedule-name", "each evening");
        TypeInDialog("#schedule-cron", "soon");
        SubmitDialog();
        DialogShows("five fields");
        TypeInDialog("#schedule-cron", "0 18 * * *");
        SubmitDialog();
        Shows(page, "each evening");
        Do(page, () => page.FindAll("button").Last(button => button.TextContent.Trim() == "Delete").Click());
        Press("Delete");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), Patience);
    }

    [Fact]
    public void DeadLetters_AreRetriedAndDiscarded()
    {
        var page = Open<DeadLettersPage>("the worker was lost");
        Do(page, () => page.FindAll("button").First(button => button.TextContent.Trim() == "Retry").Click());
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), Patience);
        Click(page, "Discard");
        Press("Discard");
        Shows(page, "Nothing was given up");

        Assert.False(Api.Runs.Has("dead_run_1") || Api.Runs.Has("dead_msg_1"));
    }

    private IRenderedComponent<RunPage> Read(string id, string words = "Steps") => Open<RunPage>(words, page => page.Add(run => run.Id, id));
}
