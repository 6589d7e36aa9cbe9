using System.Buffers;
using System.Text;
using AgentSystem.Benchmarks.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Benchmarks.Gateway;

/// <summary>A model behind OpenAI's protocol that does no work: it waits as long as the question says and gives the scripted answer, whole or as a stream.</summary>
internal static class ScriptedUpstream
{
    public const string Name = "upstream";

    private const string Head = """{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"up","choices":[{"index":0,"message":{"role":"assistant","content":"{}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":90,"completion_tokens":40,"total_tokens":130}}""";
    private const string Chunk = """data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"up","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":null}]}""" + "\n\n";

    private static readonly byte[][] Tail =
    [
        .. Script.Pieces.Select(piece => Encoding.ASCII.GetBytes(Delta($$"""{"content":"{{piece}}"}"""))),
        Encoding.ASCII.GetBytes(Chunk.Replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"", StringComparison.Ordinal)),
        Encoding.ASCII.GetBytes("""data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"up","choices":[],"usage":{"prompt_tokens":90,"completion_tokens":40,"total_tokens":130}}""" + "\n\n"),
        "data: [DONE]\n\n"u8.ToArray(),
    ];

    public static async Task ServeAsync(string[] arguments, CancellationToken stop)
    {
        await using var app = await StartAsync();
        await Role.AnnounceAsync(app.Urls.First());
        await Role.EndAsync(stop);
    }

    /// <summary>The model, listening on a free port of the loopback.</summary>
    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var (ticket, streams) = await ReadAsync(http.Request);
        if (ticket is null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("The scripted model answers questions with a ticket only.", http.RequestAborted);
            return;
        }

        var think = Script.Think(ticket);
        if (think > TimeSpan.Zero)
        {
            await Task.Delay(think, http.RequestAborted);
        }

        await (streams ? StreamAsync(http, ticket) : WholeAsync(http, ticket));
    }

    private static async Task WholeAsync(HttpContext http, string ticket)
    {
        var body = Encoding.ASCII.GetBytes(Head.Replace("{}", $"{Script.Greeting(ticket)}{string.Concat(Script.Pieces)}", StringComparison.Ordinal));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext http, string ticket)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        var writer = http.Response.BodyWriter;
        await writer.WriteAsync(Encoding.ASCII.GetBytes(Delta("""{"role":"assistant","content":""}""")), http.RequestAborted);
        await writer.WriteAsync(Encoding.ASCII.GetBytes(Delta($$"""{"content":"{{Script.Greeting(ticket)}}"}""")), http.RequestAborted);
        foreach (var frame in Tail)
        {
            await writer.WriteAsync(frame, http.RequestAborted);
        }
    }

    private static string Delta(string delta) => Chunk.Replace("\"delta\":{}", $"\"delta\":{delta}", StringComparison.Ordinal);

    // The last ticket of a body is the question that was asked last.
    private static async Task<(string? Ticket, bool Streams)> ReadAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var body = read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray();
            var at = body.LastIndexOf(Script.Marker);
            var ticket = at < 0 ? null : Encoding.ASCII.GetString(body.Slice(at, Script.TicketLength));
            var streams = body.IndexOf("\"stream\":true"u8) >= 0;
            reader.AdvanceTo(read.Buffer.End);
            return (ticket, streams);
        }
    }
}
