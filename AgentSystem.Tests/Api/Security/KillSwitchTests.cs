using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace AgentSystem.Tests.Api.Security;

/// <summary>Two APIs on one database: what one of them stops, the other stops too, in the time that is promised.</summary>
public sealed class KillSwitchTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    private WebApplication? neighbour;

    public async ValueTask InitializeAsync() => neighbour = await api.NeighbourAsync();

    public async ValueTask DisposeAsync()
    {
        using var admin = api.Client();
        foreach (var left in (await admin.ReadAsync<ListPage<ContainmentView>>("/containments")).Data)
        {
            await LiftAsync(admin, left.Id);
        }

        api.Model.Forget();
        await neighbour!.DisposeAsync();
    }

    [Theory]
    [InlineData("tenant", "agents_stopped")]
    [InlineData("everything", "agents_stopped")]
    [InlineData("agent:assistant", "agent_stopped")]
    public async Task KillSwitch_PulledAtOneProcess_StopsNewAndRunningExecutionsOfBoth(string scope, string code)
    {
        using var admin = api.Client();
        using var there = There(ApiFixture.Admin);
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never at an end") with { Gate = gate });
        using var stream = await StreamAsync(there);
        var rest = ReadToEndAsync(stream);
        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 1);

        var pulled = await admin.SendAsync<ContainmentView>("/kill-switch", new PullKillSwitch(scope, "a drill"));
        var at = TimeProvider.System.GetTimestamp();
        using var here = await admin.AskAsync();
        Assert.Contains($"\"code\":\"{code}\"", await rest.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System), StringComparison.Ordinal);
        using var refused = await SecurityCalls.UntilAsync(() => there.AskAsync(), static answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        // On a machine that does nothing else it is two seconds; the bound is the promise with a busy machine's doubt.
        Assert.InRange(TimeProvider.System.GetElapsedTime(at), TimeSpan.Zero, Promised * 2);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), (here.StatusCode, api.Model.UnderWay));
        Assert.NotNull(refused.Headers.RetryAfter);

        await LiftAsync(admin, pulled.Id);
        using var again = await admin.AskAsync();
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var thereAgain = await SecurityCalls.UntilAsync(() => there.AskAsync(), static answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task KillSwitch_WhileARunIsQueued_LetsItWaitAndGoOnAfterwards()
    {
        using var admin = api.Client();
        var pulled = await admin.SendAsync<ContainmentView>("/kill-switch", new PullKillSwitch("agent:concierge", "a drill"));
        var run = await admin.BeginAsync("""{"agent":"concierge","input":"hello"}""");
        var waiting = await admin.GetRunAsync(run.Id);
        await LiftAsync(admin, pulled.Id);

        Assert.DoesNotContain(waiting.Status, new[] { RunStatus.Error, RunStatus.Success });
        // It comes back at its own time, ten seconds after it was refused at the latest.
        Assert.Equal(RunStatus.Success, (await SecurityCalls.UntilAsync(() => admin.EndedAsync(run.Id), static view => view.Status == RunStatus.Success)).Status);
    }

    [Fact]
    public async Task Key_InQuarantine_CanDoNothingAnywhereUntilItIsLifted()
    {
        using var admin = api.Client();
        var (client, id) = await api.KeyAsync(Scopes.Chat, Scopes.SecurityRead);
        using var here = client;
        using var there = There(client.DefaultRequestHeaders.Authorization!.Parameter!);
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never at an end") with { Gate = gate });
        using var stream = await StreamAsync(there);
        var rest = ReadToEndAsync(stream);

        var placed = await admin.SendAsync<ContainmentView>("/containments", new PlaceContainment(ContainmentKind.Quarantine, "key:" + id, "it was lost"));
        using var read = await here.GetAsync(SecurityCalls.Root + "/verdicts");
        using var elsewhere = await SecurityCalls.UntilAsync(() => there.GetAsync(SecurityCalls.Root + "/verdicts"), static answer => answer.StatusCode == HttpStatusCode.Forbidden);

        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        Assert.Contains("key_quarantined", await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Matches("key_quarantined|key_revoked", await rest.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        await LiftAsync(admin, placed.Id);
        using var free = await here.GetAsync(SecurityCalls.Root + "/verdicts");
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Fact]
    public async Task Agent_InQuarantine_IsNotAvailableAndOthersAre()
    {
        using var admin = api.Client();
        await admin.SendAsync<ContainmentView>("/containments", new PlaceContainment(ContainmentKind.Quarantine, "agent:analyst", "it says odd things", Minutes: 5));
        using var stopped = await admin.AskAsync(model: "analyst");
        using var other = await admin.AskAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (stopped.StatusCode, other.StatusCode));
        Assert.Contains("agent_quarantined", await stopped.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttle_OnAKeyAndOnAUser_LetsAFewPassAndSaysWhenToComeBack()
    {
        using var admin = api.Client();
        var (client, id) = await api.KeyAsync();
        using var slow = client;
        await admin.SendAsync<ContainmentView>("/containments", new PlaceContainment(ContainmentKind.Throttle, "key:" + id, "too eager"));
        await admin.SendAsync<ContainmentView>("/containments", new PlaceContainment(ContainmentKind.Throttle, "user:mallory", "too eager"));
        var (ofKey, ofUser) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
        for (var i = 0; i < 20; i++)
        {
            using var answer = await slow.GetAsync("/v1/models");
            using var asked = await admin.AskAsync(user: "mallory");
            ofKey.Add(answer.StatusCode);
            ofUser.Add(asked.StatusCode);
        }

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ofKey[0], ofUser[0]));
        Assert.Contains(HttpStatusCode.TooManyRequests, ofKey);
        Assert.Contains(HttpStatusCode.TooManyRequests, ofUser);
        using var other = await admin.AskAsync(user: "ada");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    private HttpClient There(string key) => new() { BaseAddress = new Uri(neighbour!.Urls.First()), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    private static async Task LiftAsync(HttpClient admin, string id)
    {
        using var lifted = await admin.DeleteAsync($"{SecurityCalls.Root}/containments/{id}");
        Assert.Equal(HttpStatusCode.OK, lifted.StatusCode);
        Assert.NotNull((await lifted.Content.ReadFromJsonAsync<ContainmentView>(PlatformJson.Options))!.LiftedAt);
    }

    private static Task<HttpResponseMessage> StreamAsync(HttpClient client) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = CompleteChatTests.Body("go on", stream: true) }, HttpCompletionOption.ResponseHeadersRead);

    private static Task<string> ReadToEndAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync();
}
