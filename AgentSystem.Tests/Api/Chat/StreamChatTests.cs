using System.Net;
using System.Text.Json;
using AgentSystem.Runtime.Routing;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Chat;

/// <summary>Streams: pieces as they come, the verdict in the last event, and clients that leave.</summary>
public sealed class StreamChatTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Post_Stream_SendsPiecesThenTheReasonThenOurOwnMember()
    {
        api.Model.Then(Turn.Calls("calculator", "expression", "6*7"), Turn.Says("it is 42"));
        using var answer = await api.Client().PostAsync(Path, CompleteChatTests.Body("six times seven", stream: true));

        var events = Events(await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("it is 42", Text(events));
        Assert.Equal("[DONE]", events[^1]);
        using var last = JsonDocument.Parse(events[^2]);
        Assert.Equal("stop", last.RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var own = last.RootElement.GetProperty("agentsystem");
        Assert.Equal("calculator", own.GetProperty("tools")[0].GetProperty("name").GetString());
        Assert.Equal("passed", own.GetProperty("quality").GetString());
    }

    [Fact]
    public async Task Post_StreamWithUsage_EndsWithAUsageChunkWithoutChoices()
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(
            """{"model":"assistant","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"count me"}]}"""));

        var events = Events(await answer.Content.ReadAsStringAsync());
        using var last = JsonDocument.Parse(events[^2]);
        Assert.Equal(0, last.RootElement.GetProperty("choices").GetArrayLength());
        Assert.True(last.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
        Assert.True(last.RootElement.TryGetProperty("agentsystem", out _));
    }

    [Fact]
    public async Task Post_StreamFailsBeforeTheFirstPiece_IsAPlainErrorAnswer()
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json("""{"model":"nobody","stream":true,"messages":[{"role":"user","content":"hi"}]}"""));

        await BadInputTests.Expect(answer, HttpStatusCode.NotFound, "model_not_found", "model");
    }

    [Fact]
    public async Task Post_StreamBreaksOffInTheMiddle_SaysSoInAnErrorEvent()
    {
        api.Model.Then(Turn.Says("half an") with { FailureAfter = new HttpRequestException("gone") });
        using var answer = await api.Client().PostAsync(Path, CompleteChatTests.Body("break off", stream: true));

        var events = Events(await answer.Content.ReadAsStringAsync());
        Assert.Equal("half an", Text(events[..^2]));
        using var error = JsonDocument.Parse(events[^2]);
        Assert.Equal("model_unreachable", error.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_SixtyFourClientsHangUpMidStream_LeavesNoWorkRunning()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Otherwise = _ => Turn.Says("a long answer that is never finished") with { Gate = gate };
        var instance = api.Services.GetRequiredService<InstanceTable>().Local;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => HangUpAsync()));
        await UntilAsync(() => api.Model.UnderWay == 0 && instance is { InUse: 0, Waiting: 0 });

        api.Model.Otherwise = _ => Turn.Says("still here");
        using var after = await api.Client().PostAsync(Path, CompleteChatTests.Body("still there?"));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private async Task HangUpAsync()
    {
        using var client = api.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = CompleteChatTests.Body("tell me a long story", stream: true) };
        using var leave = new CancellationTokenSource();
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        if (await Task.WhenAny(sent, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, leave.Token)) == sent)
        {
            // Half of the clients leave with the headers in hand, the others while they still wait for a slot.
            using var answer = await sent;
        }

        await leave.CancelAsync();
    }

    /// <summary>Waits for a condition by asking again; bounded, so that a failure is a failure and not a hanging run.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!condition())
        {
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }

    private static List<string> Events(string body) =>
        [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])];

    private static string Text(IEnumerable<string> events) => string.Concat(events.Where(e => e != "[DONE]").Select(e =>
    {
        using var json = JsonDocument.Parse(e);
        var choices = json.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "";
    }));
}
