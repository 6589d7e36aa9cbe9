using System.Text.Json;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Responses;

/// <summary>A background response whose agent has a tool that asks a person each time.</summary>
public sealed class BackgroundApprovalTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    [Theory]
    [InlineData("approve", 1)]
    [InlineData("reject", 0)]
    public async Task Post_AnUnsafeTool_WaitsForAPersonAtItsRunAndGoesOn(string decision, int fired)
    {
        using var client = await api.ClientOfWorkerAsync();
        var before = api.Calls.Count(tool => tool == "fire");
        api.Model.Then(Turn.Calls("fire", "at", "noon"), Turn.Says("as you wish"));
        using var answer = await client.PostAsync(ResponseCalls.Path, BadInputTests.Json($$"""{"model":"worker","input":"fire, or not: {{decision}}","background":true}"""));
        var queued = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        var run = queued.GetProperty("agentsystem").Text("run_id")!;
        await client.EventsAsync(run, until: "approval.required");
        Assert.Equal("in_progress", (await client.GetJsonAsync($"{ResponseCalls.Path}/{queued.Text("id")}")).Text("status"));

        using var decided = await client.PostAsync($"{RunClient.Path}/{run}/approvals", BadInputTests.Json($$"""{"decision":"{{decision}}"}"""));
        var ended = await ResponseCalls.EndedAsync(client, queued.Text("id")!);

        Assert.Equal(("completed", "as you wish", run), (ended.Text("status"), ended.Said(), ended.GetProperty("agentsystem").Text("run_id")));
        var events = ResponseCalls.Events(await client.GetStringAsync($"{ResponseCalls.Path}/{queued.Text("id")}?stream=true"));
        Assert.Equal(run, Assert.Single(events, told => told.Name == "agentsystem:approval_request").Data.Text("run_id"));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(told => told.Data.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(fired, api.Calls.Count(tool => tool == "fire") - before);
    }
}
