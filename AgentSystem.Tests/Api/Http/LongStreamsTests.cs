using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Http.Idempotency;
using AgentSystem.Tests.Api.Responses;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Http;

/// <summary>What happens to streams that last: they are kept open while nothing comes, and end when their key does.</summary>
public sealed class LongStreamsTests(ClockedApi api) : IClassFixture<ClockedApi>
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Run_ThatStaysSilent_SendsACommentEveryFifteenSecondsAndNotSooner()
    {
        using var client = api.Client();
        var run = await client.BeginAsync("""{"agent":"assistant","input":"wait"}""");
        using var reader = await OpenAsync(client, $"{RunClient.Path}/{run.Id}/events");
        await LineAsync(reader, "event: run.status");

        await AssertPingsAsync(reader, () => client.PostAsync($"{RunClient.Path}/{run.Id}/cancel", null), "event: run.status");
    }

    [Fact]
    public async Task Response_ThatStaysSilent_SendsACommentEveryFifteenSecondsAndNotSooner()
    {
        using var client = api.Client();
        var queued = await client.RespondAsync("\"wait\"", ""","background":true""");
        var path = $"{ResponseCalls.Path}/{queued.Text("id")}";
        using var reader = await OpenAsync(client, path + "?stream=true");
        await LineAsync(reader, "event: response.queued");

        await AssertPingsAsync(reader, () => client.PostAsync(path + "/cancel", null), "event: response.incomplete");
    }

    [Fact]
    public async Task Chat_WhoseKeyIsRevoked_EndsWithAnErrorInTime()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never at an end") with { Gate = gate });
        var (client, id) = await KeyAsync();
        using var stream = client;
        using var answer = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, IdempotentApi.Chat) { Content = BadInputTests.Json(IdempotentApi.Question("chat of a key", stream: true)) }, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await LineAsync(reader, "data: ");

        var rest = await RevokedAsync(id, reader);

        Assert.Contains("\"code\":\"key_revoked\"", rest, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 0);
    }

    [Fact]
    public async Task Replay_WhoseKeyIsRevoked_EndsWithAnErrorInTime()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("read along by two") with { Gate = gate });
        var (client, id) = await KeyAsync();
        using var stream = client;
        var body = IdempotentApi.Question("chat of a key, repeated", stream: true);
        using var first = await IdempotentApi.PostAsync(client, IdempotentApi.Chat, "repeated", body);
        // What is recorded is written by the clock, so it must move.
        var along = IdempotentApi.PostAsync(client, IdempotentApi.Chat, "repeated", body);
        await api.UntilAsync(along, Promised);
        using var second = await along;
        Assert.True(IdempotentApi.IsReplayed(second));
        using var reader = new StreamReader(await second.Content.ReadAsStreamAsync());

        var rest = await RevokedAsync(id, reader);

        Assert.Contains("\"code\":\"key_revoked\"", rest, StringComparison.Ordinal);
        // The clock stands still from here on, and with it the watch over the request that is read along.
        gate.Release(10);
        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 0);
    }

    [Fact]
    public async Task Response_WhoseKeyIsRevoked_EndsWithAnErrorAndHasFailed()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never at an end") with { Gate = gate });
        var (client, id) = await KeyAsync();
        using var stream = client;
        using var answer = await client.SendAsync("\"response of a key\"", ""","stream":true""");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await LineAsync(reader, "event: response.output_text.delta");
        await reader.ReadLineAsync();
        await reader.ReadLineAsync();

        var events = ResponseCalls.Events(await RevokedAsync(id, reader));

        Assert.Equal(["error", "response.failed"], events.Select(told => told.Name).Where(name => name is "error" or "response.failed"));
        Assert.Equal("key_revoked", events.Single(told => told.Name == "error").Data.Text("code"));
        Assert.Equal("key_revoked", events[^1].Data.GetProperty("response").GetProperty("error").Text("code"));
        var numbers = events.Select(told => told.Data.GetProperty("sequence_number").GetInt32()).ToList();
        Assert.Equal(Enumerable.Range(numbers[0], numbers.Count), numbers);
    }

    [Fact]
    public async Task Reader_WhoseKeyIsRevoked_EndsWithAnErrorAndTheResponseGoesOn()
    {
        var (client, id) = await KeyAsync();
        using var stream = client;
        var queued = await client.RespondAsync("\"read by a key\"", ""","background":true""");
        var path = $"{ResponseCalls.Path}/{queued.Text("id")}";
        using var reader = await OpenAsync(client, path + "?stream=true");
        await LineAsync(reader, "event: response.queued");
        await reader.ReadLineAsync();
        await reader.ReadLineAsync();

        var last = Assert.Single(ResponseCalls.Events(await RevokedAsync(id, reader)));

        Assert.Equal(("error", "key_revoked"), (last.Name, last.Data.Text("code")));
        Assert.Equal("queued", (await api.Client().GetJsonAsync(path)).Text("status"));
    }

    [Fact]
    public async Task Run_WhoseReadersKeyIsRevoked_EndsTheStreamWithAnError()
    {
        var (client, id) = await KeyAsync();
        using var stream = client;
        var run = await client.BeginAsync("""{"agent":"assistant","input":"wait"}""");
        using var reader = await OpenAsync(client, $"{RunClient.Path}/{run.Id}/events");
        await LineAsync(reader, "event: run.status");

        var rest = await RevokedAsync(id, reader);

        Assert.Contains("event: error\ndata: {\"code\":\"key_revoked\"", rest, StringComparison.Ordinal);
    }

    private async Task AssertPingsAsync(StreamReader reader, Func<Task<HttpResponseMessage>> end, string next)
    {
        var first = LineAsync(reader, ":");
        // It may have begun to count up to one step late.
        Assert.InRange(await api.UntilAsync(first, Silence * 2), Silence, Silence * 2);
        Assert.Equal(": ping", await first);
        var second = LineAsync(reader, ":", next);
        await api.UntilAsync(Task.WhenAny(second, StepsAsync(10)), Silence);
        using var ended = await end();
        await api.UntilAsync(second, Silence);
        Assert.Equal(next, await second);
    }

    /// <summary>Done when the clock has moved this many seconds.</summary>
    private Task StepsAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), api.Clock);

    /// <summary>Revokes a key and gives the rest of the stream, which must come in the promised time.</summary>
    private async Task<string> RevokedAsync(string key, StreamReader reader)
    {
        using var admin = api.Client();
        using var revoked = await admin.DeleteAsync($"/api/v1/keys/{key}");
        Assert.True(revoked.IsSuccessStatusCode);
        var rest = reader.ReadToEndAsync();
        await api.UntilAsync(rest, Promised);
        return await rest;
    }

    private async Task<(HttpClient Client, string Id)> KeyAsync()
    {
        using var admin = api.Client();
        using var answer = await admin.PostAsJsonAsync("/api/v1/keys", new CreateKey("a reader", [Scopes.Chat, Scopes.RunsRead, Scopes.RunsWrite]), PlatformJson.Options);
        var created = (await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!;
        return (api.Client(created.Key), created.Id);
    }

    private static async Task<StreamReader> OpenAsync(HttpClient client, string path) => new(await client.GetStreamAsync(path));

    /// <summary>The next line that begins with one of these.</summary>
    private static async Task<string> LineAsync(StreamReader reader, params string[] starts)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync() ?? throw new EndOfStreamException($"No line begins with {string.Join(" or ", starts)}.");
            if (starts.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
            {
                return line;
            }
        }
    }
}
