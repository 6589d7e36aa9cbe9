using System.Net;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Runs;

/// <summary>A person decides about exactly the call that was shown; and a run is forked from a step.</summary>
public sealed class ApprovalTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    private const string Path = RunClient.Path;

    [Fact]
    public async Task Approve_TheCallThatIsShown_MakesItOnceAndTheRunGoesOn()
    {
        using var client = await api.ClientOfWorkerAsync();
        var run = await AskedAsync(client, "42");
        var asked = Assert.Single((await client.ReadAsync<ListPage<ApprovalView>>($"{Path}/{run}/approvals")).Data);
        Assert.Equal(("fire", "approval", "pending", "unsafe"), (asked.Tool, asked.Why, asked.State, asked.Effect));
        Assert.Contains("42", asked.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("fire", api.Calls);

        using var other = await DecideAsync(client, run, $$"""{"decision":"approve","arguments_hash":"{{new string('0', 64)}}"}""");
        using var approved = await DecideAsync(client, run, $$"""{"decision":"approve","id":"{{asked.Id}}","arguments_hash":"{{asked.ArgumentsHash}}"}""");
        var ended = await client.EndedAsync(run);
        using var late = await DecideAsync(client, run, """{"decision":"approve"}""");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.Conflict), (other.StatusCode, approved.StatusCode, late.StatusCode));
        Assert.Equal((RunStatus.Success, "fired"), (ended.Status, ended.Output));
        Assert.Single(api.Calls, "fire");
        Assert.Equal("approved", Assert.Single((await client.ReadAsync<ListPage<ApprovalView>>($"{Path}/{run}/approvals")).Data).State);
    }

    [Fact]
    public async Task Reject_WithAReason_TellsTheModelAndCallsNothing()
    {
        using var client = await api.ClientOfWorkerAsync();
        var before = api.Calls.Count;
        var run = await AskedAsync(client, "7");
        using var rejected = await DecideAsync(client, run, """{"decision":"reject","reason":"far too hot"}""");
        await client.EndedAsync(run);

        Assert.Equal(HttpStatusCode.OK, rejected.StatusCode);
        Assert.Equal(before, api.Calls.Count);
        Assert.Contains("far too hot", api.Model.Asked.Last().Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Last().Result?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"decision":"perhaps"}""", "decision")]
    [InlineData("""{"id":"call_1"}""", "decision")]
    public async Task Decide_WithSomethingWrong_IsRefusedByName(string body, string param)
    {
        using var client = api.Client();
        using var answer = await DecideAsync(client, "run_none", body);

        Assert.Equal((HttpStatusCode.BadRequest, param), (answer.StatusCode, await RunsTests.ParamAsync(answer)));
    }

    [Fact]
    public async Task Cancel_ARunThatWaits_LeavesItsCallObsolete()
    {
        using var client = await api.ClientOfWorkerAsync();
        var run = await AskedAsync(client, "8");
        using var cancelled = await client.PostAsync($"{Path}/{run}/cancel", null);
        using var late = await DecideAsync(client, run, """{"decision":"approve"}""");

        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal("obsolete", Assert.Single((await client.ReadAsync<ListPage<ApprovalView>>($"{Path}/{run}/approvals")).Data).State);
        // What it would have said is nobody else's.
        api.Model.Forget();
    }

    [Fact]
    public async Task Fork_FromAStep_TakesOverWhatWasDoneAndCallsNoToolAgain()
    {
        using var client = await api.ClientOfWorkerAsync();
        api.Model.Then(Turn.Calls("look", "at", "it"), Turn.Says("first end"));
        var first = await client.BeginAsync("""{"agent":"worker","input":"look"}""");
        Assert.Equal("first end", (await client.EndedAsync(first.Id)).Output);
        var looked = api.Calls.Count(tool => tool == "look");
        api.Model.Then(Turn.Says("second end"));
        using var answer = await client.PostAsync($"{Path}/{first.Id}/fork", BadInputTests.Json("""{"step":2}"""));
        var fork = await client.EndedAsync(answer.Headers.Location!.OriginalString[(Path.Length + 1)..]);
        using var nowhere = await client.PostAsync($"{Path}/{first.Id}/fork", BadInputTests.Json("""{"step":99}"""));

        Assert.Equal((HttpStatusCode.Accepted, "second end", first.Id, (int?)2), (answer.StatusCode, fork.Output, fork.ForkOf, fork.ForkedAt));
        Assert.Equal(looked, api.Calls.Count(tool => tool == "look"));
        Assert.Equal((HttpStatusCode.BadRequest, "step"), (nowhere.StatusCode, await RunsTests.ParamAsync(nowhere)));
    }

    /// <summary>A run that waits for the tool <c>fire</c>; after the decision it says "fired".</summary>
    private async Task<string> AskedAsync(HttpClient client, string at)
    {
        api.Model.Then(Turn.Calls("fire", "at", at), Turn.Says("fired"));
        var run = await client.BeginAsync("""{"agent":"worker","input":"fire"}""");
        await client.EventsAsync(run.Id, until: "approval.required");
        Assert.Equal(RunStatus.Waiting, (await client.GetRunAsync(run.Id)).Status);
        return run.Id;
    }

    private static Task<HttpResponseMessage> DecideAsync(HttpClient client, string run, string body) => client.PostAsync($"{Path}/{run}/approvals", BadInputTests.Json(body));
}
