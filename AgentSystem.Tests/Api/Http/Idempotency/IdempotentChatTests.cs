using System.Net;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Http.Idempotency;

/// <summary>Chat calls with an <c>Idempotency-Key</c>, whole and streamed.</summary>
public sealed class IdempotentChatTests(IdempotentApi api) : IClassFixture<IdempotentApi>
{
    [Fact]
    public async Task Post_TheSameAgain_IsAnsweredFromTheRecordingWithoutTheModel()
    {
        using var client = api.Client();
        using var first = await SendAsync(client, "whole-1", "once only");
        using var second = await SendAsync(client, "\"whole-1\"", "once only");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal((false, true), (IdempotentApi.IsReplayed(first), IdempotentApi.IsReplayed(second)));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(1, api.Asked("once only"));
        Assert.Equal(Header(first, "x-agentsystem-cost-usd"), Header(second, "x-agentsystem-cost-usd"));
        Assert.Equal(Header(first, "x-request-id"), Header(second, "x-agentsystem-original-request"));
        Assert.NotEqual(Header(first, "x-request-id"), Header(second, "x-request-id"));
        var usage = await client.ReadAsync<RequestUsage>("/api/v1/usage/requests/" + Header(second, "x-request-id"));
        Assert.Equal(("replayed", 0m, 0, "assistant", "small"), (usage.Cache, usage.CostUsd, usage.Attempts, usage.Agent, usage.Model));
    }

    [Fact]
    public async Task Post_WithoutAKeyOrWithAnother_RunsAgain()
    {
        using var client = api.Client();
        using var first = await SendAsync(client, "again-1", "run again");
        using var second = await SendAsync(client, "again-2", "run again");
        using var third = await client.PostAsync(IdempotentApi.Chat, BadInputTests.Json(IdempotentApi.Question("run again")));
        using var other = await api.ChatClientAsync();
        using var fourth = await SendAsync(other, "again-1", "run again");

        Assert.Equal(4, api.Asked("run again"));
        Assert.All([first, second, third, fourth], answer => Assert.False(IdempotentApi.IsReplayed(answer)));
    }

    [Fact]
    public async Task Post_TheSameKeyForAnotherBody_Answers422()
    {
        using var client = api.Client();
        using var first = await SendAsync(client, "body-1", "one body");
        using var second = await SendAsync(client, "body-1", "another body");

        await BadInputTests.Expect(second, HttpStatusCode.UnprocessableEntity, "idempotency_key_reused", "Idempotency-Key");
        Assert.Equal(0, api.Asked("another body"));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("\"open")]
    public async Task Post_AKeyThatIsNone_Answers400(string key)
    {
        using var answer = await SendAsync(api.Client(), key, "never asked");

        await BadInputTests.Expect(answer, HttpStatusCode.BadRequest, "invalid_idempotency_key", "Idempotency-Key");
    }

    [Fact]
    public async Task Post_AStreamAgain_GivesTheSameBytes()
    {
        using var client = api.Client();
        using var first = await SendAsync(client, "stream-1", "stream me once", stream: true);
        var bytes = await first.Content.ReadAsStringAsync();
        using var second = await SendAsync(client, "stream-1", "stream me once", stream: true);

        Assert.Equal("text/event-stream", second.Content.Headers.ContentType!.MediaType);
        Assert.Equal(bytes, await second.Content.ReadAsStringAsync());
        Assert.EndsWith("data: [DONE]\n\n", bytes, StringComparison.Ordinal);
        Assert.True(IdempotentApi.IsReplayed(second));
        Assert.Equal(1, api.Asked("stream me once"));
    }

    [Fact]
    public async Task Post_AStreamThatIsStillMade_IsReadAlongFromItsStart()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("one two three") with { Gate = gate });
        using var client = api.Client();
        using var first = await SendAsync(client, "along-1", "read along", stream: true);
        using var second = await SendAsync(client, "along-1", "read along", stream: true);
        Assert.True(IdempotentApi.IsReplayed(second));
        var (one, two) = (first.Content.ReadAsStringAsync(), second.Content.ReadAsStringAsync());
        Assert.False(two.IsCompleted, "The answer is not at its end yet.");
        gate.Release(3);

        Assert.Equal(await one, await two);
        Assert.Equal(1, api.Asked("read along"));
    }

    [Fact]
    public async Task Post_AStreamWhoseClientLeaves_GoesOnToItsEnd()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("said to nobody") with { Gate = gate });
        using var client = api.Client();
        using var leave = new CancellationTokenSource();
        using (var first = await IdempotentApi.PostAsync(client, IdempotentApi.Chat, "leave-1", IdempotentApi.Question("leave in the middle", stream: true), leave.Token))
        {
            await leave.CancelAsync();
        }

        gate.Release(3);
        using var second = await SendAsync(client, "leave-1", "leave in the middle", stream: true);
        var body = await second.Content.ReadAsStringAsync();

        Assert.True(IdempotentApi.IsReplayed(second));
        Assert.Contains("nobody", body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        Assert.Equal(1, api.Asked("leave in the middle"));
    }

    [Fact]
    public async Task Post_WhileTheSameIsStillRunning_Answers409WithAHintAndLaterTheAnswer()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("slow") with { Gate = gate });
        using var client = api.Client();
        var running = SendAsync(client, "slow-1", "a slow question");
        await StreamChatTests.UntilAsync(() => api.Asked("a slow question") == 1);
        using var meanwhile = await SendAsync(client, "slow-1", "a slow question");
        gate.Release();
        using var first = await running;
        using var later = await SendAsync(client, "slow-1", "a slow question");

        await BadInputTests.Expect(meanwhile, HttpStatusCode.Conflict, "request_in_progress", "Idempotency-Key");
        Assert.NotNull(meanwhile.Headers.RetryAfter);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await later.Content.ReadAsStringAsync());
        Assert.Equal(1, api.Asked("a slow question"));
    }

    [Fact]
    public async Task Post_AfterAFailureOfTheModel_RunsAgain()
    {
        api.Model.Then([.. Enumerable.Repeat(Turn.Fails(new HttpRequestException("away")), 5)]);
        using var client = api.Client();
        using var first = await SendAsync(client, "fails-1", "fail first");
        api.Model.Forget();
        using var second = await SendAsync(client, "fails-1", "fail first");

        Assert.True((int)first.StatusCode >= 500, $"{first.StatusCode}");
        Assert.Equal((HttpStatusCode.OK, false), (second.StatusCode, IdempotentApi.IsReplayed(second)));
    }

    [Fact]
    public async Task Post_AStreamThatBrokeOff_RunsAgain()
    {
        api.Model.Then(Turn.Says("half an") with { FailureAfter = new HttpRequestException("gone") });
        using var client = api.Client();
        using var first = await SendAsync(client, "breaks-1", "break off", stream: true);
        Assert.Contains("model_unreachable", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var second = await SendAsync(client, "breaks-1", "break off", stream: true);

        Assert.Contains("BREAK", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(IdempotentApi.IsReplayed(second));
    }

    [Fact]
    public async Task Post_AWrongRequestAgain_IsRefusedAgainWithoutBeingRun()
    {
        using var client = api.Client();
        const string body = """{"model":"nobody","messages":[{"role":"user","content":"hi"}]}""";
        using var first = await IdempotentApi.PostAsync(client, IdempotentApi.Chat, "wrong-1", body);
        using var second = await IdempotentApi.PostAsync(client, IdempotentApi.Chat, "wrong-1", body);

        await BadInputTests.Expect(second, HttpStatusCode.NotFound, "model_not_found", "model");
        Assert.True(IdempotentApi.IsReplayed(second));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string key, string text, bool stream = false) =>
        IdempotentApi.PostAsync(client, IdempotentApi.Chat, key, IdempotentApi.Question(text, stream));

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
