using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;

namespace AgentSystem.Tests.Harness;

/// <summary>A server of the official kit over streamable HTTP, whose tools and answers a test can change while it runs.</summary>
internal sealed class ScriptedMcpServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedMcpServer(WebApplication app) => this.app = app;

    /// <summary>What it offers now.</summary>
    public ConcurrentDictionary<string, Tool> Tools { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Every call that came: tool, arguments, and the id of the call.</summary>
    public ConcurrentQueue<(string Tool, string Arguments, string? Id)> Calls { get; private init; } = new();

    /// <summary>Answers a call; the usual answer names the tool.</summary>
    public Func<string, CallToolResult>? Answer { get; set; }

    /// <summary>The value of <c>Authorization</c> it wants; null: none.</summary>
    public string? Wants { get; set; }

    /// <summary>The endpoint.</summary>
    public string Url => app.Urls.First() + "/mcp";

    /// <summary>Host and port, as the operator allows them.</summary>
    public string Host => new Uri(Url).Authority;

    public static async Task<ScriptedMcpServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        ScriptedMcpServer? server = null;
        builder.Services.AddMcpServer(static options => options.ServerInfo = new Implementation { Name = "weather station", Version = "1" })
            .WithHttpTransport()
            .WithListToolsHandler((_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. server!.Tools.Values.OrderBy(static tool => tool.Name, StringComparer.Ordinal)] }))
            .WithCallToolHandler((request, _) => ValueTask.FromResult(server!.Take(request.Params!)));
        server = new ScriptedMcpServer(builder.Build());
        server.app.Use((context, next) =>
        {
            if (server.Wants is null || context.Request.Headers.Authorization == server.Wants)
            {
                return next(context);
            }

            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        server.app.MapMcp("/mcp");
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Offers a tool, in place of one of that name.</summary>
    public void Offer(string name, string description, string schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")
    {
        using var document = JsonDocument.Parse(schema);
        Tools[name] = new Tool { Name = name, Description = description, InputSchema = document.RootElement.Clone() };
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private CallToolResult Take(CallToolRequestParams call)
    {
        Calls.Enqueue((call.Name, JsonSerializer.Serialize(call.Arguments), call.Meta?["agentsystem/idempotency-key"]?.GetValue<string>()));
        return Answer?.Invoke(call.Name) ?? new CallToolResult { Content = [new TextContentBlock { Text = $"{call.Name} says sunny" }] };
    }
}
