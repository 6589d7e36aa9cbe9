using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Harness;

/// <summary>
/// A model behind OpenAI's protocol, for processes of their own: it calls one tool a given number of times, each time with the next number, and then says <c>done</c>.
/// How many results stand in the conversation says where it is, so it needs no memory and no two workers confuse it.
/// </summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private int most = int.MaxValue;
    private TaskCompletionSource allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedProvider(WebApplication app) => this.app = app;

    public string Endpoint => app.Urls.First() + "/v1";

    /// <param name="tool">The tool.</param>
    /// <param name="calls">How often it is called.</param>
    /// <param name="says">What it says before each call, a word at a time; the number is put in; null: nothing.</param>
    public static async Task<ScriptedProvider> StartAsync(string tool, int calls, Func<int, string>? says = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new ScriptedProvider(builder.Build());
        provider.app.Run(http => provider.AnswerAsync(http, tool, calls, says));
        await provider.app.StartAsync();
        return provider;
    }

    /// <summary>Asks for no call beyond this many until more are allowed: what a test does in between is not overtaken by a fast machine.</summary>
    public void Allow(int calls)
    {
        Volatile.Write(ref most, calls);
        Interlocked.Exchange(ref allowed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, string tool, int calls, Func<int, string>? says)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var done = request.RootElement.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").GetString() == "tool");
        var more = Volatile.Read(ref allowed).Task;
        while (done < calls && done >= Volatile.Read(ref most))
        {
            await more.WaitAsync(http.RequestAborted);
            more = Volatile.Read(ref allowed).Task;
        }

        object delta = done < calls
            ? new
            {
                role = "assistant",
                tool_calls = new[] { new { index = 0, id = $"call_{done}", type = "function", function = new { name = tool, arguments = JsonSerializer.Serialize(new { n = $"{done}" }) } } },
            }
            : new { role = "assistant", content = "done" };
        http.Response.ContentType = "text/event-stream";
        foreach (var word in done < calls && says is not null ? says(done).Split(' ') : [])
        {
            await SendAsync(http, new[] { new { index = 0, delta = new { role = "assistant", content = word + " " }, finish_reason = (string?)null } }, null);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await SendAsync(http, new[] { new { index = 0, delta, finish_reason = (string?)null } }, null);
        await SendAsync(http, new[] { new { index = 0, delta = new { }, finish_reason = done < calls ? "tool_calls" : "stop" } }, null);
        await SendAsync(http, Array.Empty<object>(), new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 });
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static Task SendAsync(HttpContext http, object choices, object? usage) =>
        http.Response.WriteAsync($"data: {JsonSerializer.Serialize(new { id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1, model = "scripted", choices, usage })}\n\n", http.RequestAborted);
}
