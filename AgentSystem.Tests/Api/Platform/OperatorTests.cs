using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Routing;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Platform;

/// <summary>What an operator does to a running process: look at it, empty its cache, take it out of service and back.</summary>
public sealed class OperatorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task GetSystem_SaysWhatRunsAndWithWhichSettings_AndNoSecret()
    {
        var text = await api.Client().GetStringAsync("/api/v1/system");
        var system = System.Text.Json.JsonSerializer.Deserialize<SystemView>(text, PlatformJson.Options)!;

        Assert.Equal("host", system.World);
        Assert.Contains(system.Stores, store => store is { Name: "postgres", Status: "healthy" });
        Assert.Equal("default", Assert.Single(system.Settings, setting => setting.Name == "Routing:Slots").Source);
        Assert.Equal("***", Assert.Single(system.Settings, setting => setting.Name == "ConnectionStrings:postgres").Value);
        Assert.DoesNotContain(ApiFixture.Admin, text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-root-key-for-tests", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/system")]
    [InlineData("DELETE", "/api/v1/cache")]
    [InlineData("GET", "/api/v1/instances")]
    [InlineData("POST", "/api/v1/instances/local/drain")]
    [InlineData("POST", "/api/v1/keys/admin/rotate")]
    public async Task Operate_WithoutTheAdminScope_Answers403(string method, string path)
    {
        using var client = await api.ClientWithAsync(new CreateKey("reader", [.. Scopes.All.Where(scope => scope != Scopes.Admin)]));
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task ClearCache_AfterAnAnswerWasKept_MakesTheNextOneAMiss()
    {
        using var client = api.Client();
        async Task<string> AskAsync()
        {
            using var answer = await client.PostAsync("/v1/chat/completions", CompleteChatTests.Body("keep this for me"));
            return answer.Headers.GetValues("x-agentsystem-cache").Single();
        }

        Assert.Equal(["miss", "exact"], [await AskAsync(), await AskAsync()]);
        using var cleared = await client.DeleteAsync("/api/v1/cache");
        Assert.True((await cleared.Content.ReadFromJsonAsync<CacheCleared>(PlatformJson.Options))!.Removed >= 1);
        Assert.Equal("miss", await AskAsync());
    }

    [Fact]
    public async Task Drain_ThenResume_RefusesNewRunsWithACureAndIsNotReadyMeanwhile()
    {
        using var client = api.Client();
        using var drained = await client.PostAsync("/api/v1/instances/local/drain", null);
        using var refused = await client.PostAsync("/v1/chat/completions", CompleteChatTests.Body("anybody there?"));
        using var ready = await client.GetAsync("/ready");
        using var alive = await client.GetAsync("/health");
        using var resumed = await client.PostAsync("/api/v1/instances/local/resume", null);
        using var answered = await client.PostAsync("/v1/chat/completions", CompleteChatTests.Body("anybody there?"));

        Assert.Equal("draining", (await drained.Content.ReadFromJsonAsync<InstanceView>(PlatformJson.Options))!.State);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (refused.StatusCode, ready.StatusCode, alive.StatusCode));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("serving", (await resumed.Content.ReadFromJsonAsync<InstanceView>(PlatformJson.Options))!.State);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task ListInstances_TakesPagesLikeEveryList()
    {
        using var client = api.Client();
        var page = await client.GetFromJsonAsync<ListPage<InstanceView>>("/api/v1/instances?limit=1", PlatformJson.Options);
        var beyond = await client.GetFromJsonAsync<ListPage<InstanceView>>("/api/v1/instances?cursor=" + System.Buffers.Text.Base64Url.EncodeToString("\uffff"u8), PlatformJson.Options);
        using var wrong = await client.GetAsync("/api/v1/instances?limit=0");

        Assert.Single(page!.Data);
        Assert.Empty(beyond!.Data);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Instances_OfOtherProcesses_AreListedShownAndDrained()
    {
        using var client = api.Client();
        var registry = api.Services.GetRequiredService<IInstanceRegistry>();
        await registry.BeatAsync(new InstanceReport("another-1", 7, 2, 1, false), default);

        var listed = (await client.GetFromJsonAsync<ListPage<InstanceView>>("/api/v1/instances", PlatformJson.Options))!.Data;
        var overview = await client.GetFromJsonAsync<Overview>("/api/v1/monitoring/overview", PlatformJson.Options);
        using var drained = await client.PostAsync("/api/v1/instances/another-1/drain", null);
        var told = await registry.BeatAsync(new InstanceReport("another-1", 7, 2, 1, false), default);
        await registry.LeaveAsync("another-1", default);
        using var gone = await client.PostAsync("/api/v1/instances/another-1/resume", null);

        var other = Assert.Single(listed, one => one.Name == "another-1");
        Assert.Equal(("serving", 7, 2, 1), (other.State, other.Slots, other.InUse, other.Waiting));
        Assert.Equal(2, listed.Count);
        Assert.Equal(listed.Sum(one => one.Slots), overview!.SlotsTotal);
        Assert.Equal(listed.Select(one => one.Name), overview.Instances.Select(one => one.Name));
        Assert.Equal("draining", (await drained.Content.ReadFromJsonAsync<InstanceView>(PlatformJson.Options))!.State);
        Assert.Equal(new DrainOrder(true, 1), told);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Drain_UnknownInstance_Answers404()
    {
        using var answer = await api.Client().PostAsync("/api/v1/instances/nobody/drain", null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task RotateAdminKey_WhereAVariableDecides_SaysSo()
    {
        using var answer = await api.Client().PostAsync("/api/v1/keys/admin/rotate", null);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("AGENTSYSTEM_ADMIN_KEY", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
