using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

/// <summary>An HTTP server on a loopback port that answers what a test told it to, in order, and keeps what it was asked.</summary>
internal sealed class ScriptedEndpoint : IAsyncDisposable
{
    /// <summary>A chat answer in OpenAI's protocol.</summary>
    public const string Hello = """
        {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello!"}}],
        "usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}
        """;

    private readonly ConcurrentQueue<Reply> replies = new();
    private WebApplication? app;

    /// <summary>What is answered when nothing is scripted.</summary>
    public Func<Asked, Reply> Otherwise { get; set; } = _ => new Reply(500, "{}");

    /// <summary>Requests so far.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Adds to the script.</summary>
    public void Then(params Reply[] more)
    {
        foreach (var reply in more)
        {
            replies.Enqueue(reply);
        }
    }

    /// <summary>Scheme, host and port.</summary>
    public string Address => app!.Urls.First();

    public static async Task<ScriptedEndpoint> StartAsync(params Reply[] replies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var endpoint = new ScriptedEndpoint { app = builder.Build() };
        endpoint.Then(replies);

        endpoint.app.Run(endpoint.AnswerAsync);
        endpoint.app.Urls.Add("http://127.0.0.1:0");
        await endpoint.app.StartAsync();
        return endpoint;
    }

    public ValueTask DisposeAsync() => app!.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var asked = new Asked(
            $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}",
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync());
        Requests.Enqueue(asked);
        var reply = replies.TryDequeue(out var next) ? next : Otherwise(asked);
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.Type;
        foreach (var (name, value) in reply.Headers ?? [])
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsync(reply.Body);
        await http.Response.Body.FlushAsync();
        if (reply.Breaks)
        {
            http.Abort();
        }
    }

    /// <summary>One answer.</summary>
    /// <param name="Breaks">The connection is cut after the body.</param>
    internal sealed record Reply(int Status, string Body, Dictionary<string, string>? Headers = null, string Type = "application/json", bool Breaks = false)
    {
        /// <summary>A stream of chunks in OpenAI's protocol, ended by its mark unless told otherwise.</summary>
        public static Reply Stream(bool whole, params string[] chunks) => new(
            200, string.Concat(chunks.Select(chunk => $"data: {chunk.ReplaceLineEndings("")}\n\n")) + (whole ? "data: [DONE]\n\n" : ""), Type: "text/event-stream");

        /// <summary>A chunk with a piece of text, or with the reason for the end.</summary>
        public static string Chunk(string? text, string? reason = null) =>
            $$"""{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{(text is null ? "{}" : JsonSerializer.Serialize(new { role = "assistant", content = text }))}},"finish_reason":{{JsonSerializer.Serialize(reason)}}}]}""";

        /// <summary>The chunk with the counts.</summary>
        public const string Usage = """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";
    }

    /// <summary>One request.</summary>
    internal sealed record Asked(string Line, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

        public string? Header(string name) => Headers.GetValueOrDefault(name);
    }
}
