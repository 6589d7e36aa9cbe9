using System.Net;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Runs;

/// <summary>Runs that are begun by runs. The parent here waits for a person, so it goes on for as long as a test needs it.</summary>
public sealed class ChildRunsTests : IClassFixture<RunsFixture>
{
    private const string Path = RunClient.Path;

    private readonly RunsFixture api;

    public ChildRunsTests(RunsFixture api)
    {
        this.api = api;
        var otherwise = api.Model.Otherwise;
        // By what is asked, not by turn: several runs ask the model at the same time.
        api.Model.Otherwise = messages => messages.LastOrDefault(static message => message.Role == ChatRole.User)?.Text == "fire" ? ToolScript.Calls("fire") : otherwise(messages);
    }

    [Fact]
    public async Task Begin_BelowARunThatGoesOn_ShowsEachToTheOther()
    {
        using var client = await api.ClientOfWorkerAsync();
        var parent = await WaitingAsync(client);
        var child = await client.BeginAsync($$"""{"agent":"assistant","input":"part one","parent_run_id":"{{parent}}"}""");
        var ended = await client.EndedAsync(child.Id);
        var (above, listed) = (await client.GetRunAsync(parent), await client.ReadAsync<ListPage<RunSummary>>($"{Path}?parent_run_id={parent}"));

        Assert.Equal((RunStatus.Success, parent), (ended.Status, ended.ParentRunId));
        Assert.Equal(new RunChild(child.Id, "assistant", RunStatus.Success, ended.CostUsd), Assert.Single(above.Children));
        Assert.Equal((child.Id, parent), (Assert.Single(listed.Data).Id, listed.Data[0].ParentRunId));
        Assert.Empty(ended.Children);
    }

    [Fact]
    public async Task Cancel_AParent_CancelsWhateverIsBelowIt()
    {
        using var client = await api.ClientOfWorkerAsync();
        var parent = await WaitingAsync(client);
        var child = await WaitingAsync(client, parent);
        var grandchild = await WaitingAsync(client, child);
        var beside = await WaitingAsync(client);
        using var cancelled = await client.PostAsync($"{Path}/{parent}/cancel", null);

        Assert.Equal([RunStatus.Cancelled, RunStatus.Cancelled, RunStatus.Cancelled, RunStatus.Waiting], await StatusesAsync(client, parent, child, grandchild, beside));
        Assert.Equal("parent_stopped", (await client.GetRunAsync(grandchild)).Error?.Code);
        Assert.Equal("run.finished", (await client.EventsAsync(grandchild))[^1].EventType);
    }

    [Fact]
    public async Task Begin_BelowARunThatHasEnded_Answers409()
    {
        using var client = api.Client();
        var parent = await client.BeginAsync("""{"agent":"assistant","input":"short"}""");
        await client.EndedAsync(parent.Id);
        using var answer = await client.PostRunAsync($$"""{"agent":"assistant","input":"late","parent_run_id":"{{parent.Id}}"}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("parent_ended", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_BelowAnotherUsersRun_AnswersAsIfThereWereNone()
    {
        using var client = await api.ClientOfWorkerAsync();
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.RunsRead, Scopes.RunsWrite], User: "me"));
        var parent = await WaitingAsync(client);
        using var theirs = await bound.PostRunAsync($$"""{"agent":"assistant","input":"mine","parent_run_id":"{{parent}}"}""");
        using var none = await bound.PostRunAsync("""{"agent":"assistant","input":"mine","parent_run_id":"run_none"}""");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (theirs.StatusCode, none.StatusCode));
        Assert.Equal("parent_run_id", await RunsTests.ParamAsync(theirs));
        Assert.Empty((await bound.ReadAsync<ListPage<RunSummary>>(Path)).Data);
    }

    [Fact]
    public async Task Begin_DeeperThanTheLimit_IsRefusedAndLeavesNothing()
    {
        using var client = await api.ClientOfWorkerAsync();
        var above = await WaitingAsync(client);
        for (var depth = 1; depth <= 5; depth++)
        {
            above = await WaitingAsync(client, above);
        }

        using var answer = await client.PostRunAsync($$"""{"agent":"assistant","input":"too deep","parent_run_id":"{{above}}"}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("parent_too_deep", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await client.GetRunAsync(above)).Children);
    }

    [Fact]
    public async Task Begin_BelowARunWithABudget_IsHeldByIt_AtEveryLevelAndWhateverItsOwnBudgetIs()
    {
        using var client = await api.ClientOfWorkerAsync();
        var parent = await WaitingAsync(client, budget: 0.012m);
        var child = await WaitingAsync(client, parent);
        // A call with this much to read may cost more than the parent's whole budget.
        var input = new string('x', 12_000);
        var alone = await EndedAsync($$"""{"agent":"assistant","input":"{{input}}","budget_usd":1}""");
        var second = await EndedAsync($$"""{"agent":"assistant","input":"{{input}}","budget_usd":1,"parent_run_id":"{{parent}}"}""");
        var third = await EndedAsync($$"""{"agent":"assistant","input":"{{input}}","parent_run_id":"{{child}}"}""");

        Assert.Equal((RunStatus.Success, (string?)null), (alone.Status, alone.Error?.Code));
        Assert.All([second, third], run => Assert.Equal((RunStatus.Error, "budget_exceeded"), (run.Status, run.Error?.Code)));
        Assert.All([second, third], run => Assert.Contains("run:" + parent, run.Error!.Message, StringComparison.Ordinal));

        async Task<RunView> EndedAsync(string body) => await client.EndedAsync((await client.BeginAsync(body)).Id);
    }

    [Fact]
    public async Task Interrupt_OfAParentOnItsThread_CancelsItsChildren()
    {
        using var client = await api.ClientOfWorkerAsync();
        var thread = await client.StartAsync("""{"agent":"worker"}""");
        var parent = await WaitingAsync(client, thread: thread.Id);
        var child = await WaitingAsync(client, parent);
        using var itself = await client.PostRunAsync($$"""{"agent":"worker","input":"in the way","thread_id":"{{thread.Id}}","on_conflict":"rollback","parent_run_id":"{{parent}}"}""");
        var untouched = await StatusesAsync(client, parent, child);
        await client.BeginAsync($$"""{"agent":"worker","input":"something else","thread_id":"{{thread.Id}}","on_conflict":"rollback"}""");

        // A run cannot be begun by one that it removes: nothing of that happened.
        Assert.Equal(HttpStatusCode.Conflict, itself.StatusCode);
        Assert.Equal([RunStatus.Waiting, RunStatus.Waiting], untouched);
        Assert.Equal([RunStatus.Interrupted, RunStatus.Cancelled], await StatusesAsync(client, parent, child));
    }

    private static async Task<RunStatus[]> StatusesAsync(HttpClient client, params string[] runs)
    {
        var statuses = new List<RunStatus>();
        foreach (var id in runs)
        {
            statuses.Add((await client.GetRunAsync(id)).Status);
        }

        return [.. statuses];
    }

    /// <summary>A run that waits for a person.</summary>
    private static async Task<string> WaitingAsync(HttpClient client, string? parent = null, decimal? budget = null, string? thread = null)
    {
        var members = new Dictionary<string, object?> { ["agent"] = "worker", ["input"] = "fire", ["parent_run_id"] = parent, ["budget_usd"] = budget, ["thread_id"] = thread };
        var run = await client.BeginAsync(System.Text.Json.JsonSerializer.Serialize(members.Where(static member => member.Value is not null).ToDictionary()));
        await client.EventsAsync(run.Id, until: "approval.required");
        return run.Id;
    }
}
