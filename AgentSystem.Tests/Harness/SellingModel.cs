using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Harness;

/// <summary>A priced model behind OpenAI's protocol on a loopback port, which counts what it really sold: as soon as a request is whole, whether or not anybody reads the answer.</summary>
internal sealed class SellingModel : IAsyncDisposable
{
    public const decimal InputUsdPerMillion = 1_000m;
    public const decimal OutputUsdPerMillion = 2_000m;

    private readonly ConcurrentQueue<(string Question, decimal Usd)> sold = new();
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim arrived = new(0);
    private WebApplication? app;

    /// <summary>Scheme, host and port.</summary>
    public string Address => app!.Urls.First();

    /// <summary>USD sold so far.</summary>
    public decimal SoldUsd => sold.Sum(static each => each.Usd);

    /// <summary>The questions that were answered, or would have been.</summary>
    public IReadOnlyCollection<string> Questions => [.. sold.Select(static each => each.Question)];

    public static async Task<SellingModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var model = new SellingModel { app = builder.Build() };
        model.app.Run(model.AnswerAsync);
        model.app.Urls.Add("http://127.0.0.1:0");
        await model.app.StartAsync();
        return model;
    }

    /// <summary>Waits until one more request has arrived.</summary>
    public Task<bool> ArrivedAsync(TimeSpan patience) => arrived.WaitAsync(patience);

    /// <summary>Until then nothing is answered.</summary>
    public void Open() => open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Open();
        await app!.DisposeAsync();
        arrived.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var messages = body.RootElement.GetProperty("messages");
        var question = Text(messages[messages.GetArrayLength() - 1].GetProperty("content"));
        // A model reads at most every byte, and writes as much as it was allowed.
        var (input, output) = (question.Length, Limit(body.RootElement));
        sold.Enqueue((question, ((input * InputUsdPerMillion) + (output * OutputUsdPerMillion)) / 1_000_000));
        arrived.Release();
        await open.Task.WaitAsync(http.RequestAborted);
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(
            """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"sold"},"finish_reason":null}]}""" + "\n\n"
            + """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n"
            + $"data: {Usage(input, output)}\n\n"
            + "data: [DONE]\n\n");
    }

    private static string Usage(int input, int output) => JsonSerializer.Serialize(new
    {
        id = "1",
        @object = "chat.completion.chunk",
        created = 1,
        model = "m",
        choices = Array.Empty<object>(),
        usage = new { prompt_tokens = input, completion_tokens = output, total_tokens = input + output },
    });

    private static string Text(JsonElement content) => content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;

    private static int Limit(JsonElement body) => (body.TryGetProperty("max_completion_tokens", out var limit) ? limit : body.GetProperty("max_tokens")).GetInt32();
}
