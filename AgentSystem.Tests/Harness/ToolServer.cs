using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Harness;

/// <summary>Somebody else's HTTP API: keeps every request, and answers as a test says.</summary>
internal sealed class ToolServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ToolReply>> scripts = new(StringComparer.Ordinal);

    private ToolServer(WebApplication app) => this.app = app;

    /// <summary>Every request that came, in order.</summary>
    public ConcurrentQueue<ToolRequest> Requests { get; } = new();

    /// <summary>Documents and other answers that stay the same, by path.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => app.Urls.First();

    /// <summary>Host and port, as the operator allows them.</summary>
    public string Host => new Uri(Url).Authority;

    public static async Task<ToolServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new ToolServer(builder.Build());
        server.app.Run(server.TakeAsync);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Answers the next requests of a path with these; after them it answers 200 with <c>{"ok":true}</c>.</summary>
    public void Answer(string path, params ToolReply[] replies)
    {
        foreach (var reply in replies)
        {
            scripts.GetOrAdd(path, static _ => new()).Enqueue(reply);
        }
    }

    /// <summary>The requests of a path.</summary>
    public IReadOnlyList<ToolRequest> Of(string path) => [.. Requests.Where(request => request.Path == path)];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var path = context.Request.Path.Value!;
        Requests.Enqueue(new ToolRequest(
            context.Request.Method, path, context.Request.QueryString.Value ?? "", context.Request.Headers.ToDictionary(static each => each.Key, static each => each.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync()));
        var reply = scripts.TryGetValue(path, out var script) && script.TryDequeue(out var next) ? next : new ToolReply(200, Files.GetValueOrDefault(path) ?? """{"ok":true}""");
        if (reply.Wait is { } wait)
        {
            await wait.WaitAsync(context.RequestAborted);
        }

        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.Type;
        foreach (var (name, value) in reply.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(reply.Body);
    }
}

/// <summary>A request as it came.</summary>
internal sealed record ToolRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>An answer.</summary>
internal sealed record ToolReply(int Status, string Body = "", string Type = "application/json", IReadOnlyDictionary<string, string>? Headers = null, Task? Wait = null);
