using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Api.Tools;

/// <summary>The API beside an HTTP API and an MCP server that the operator allows.</summary>
public sealed class ToolsFixture(TestPostgres postgres) : ApiFixture(postgres), IAsyncLifetime
{
    private ToolServer? server;
    private ScriptedMcpServer? mcp;
    private int tools;

    internal ToolServer Server => server!;

    internal ScriptedMcpServer Mcp => mcp!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        server = await ToolServer.StartAsync();
        mcp = await ScriptedMcpServer.StartAsync();
        await InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await server!.DisposeAsync();
        await mcp!.DisposeAsync();
    }

    /// <summary>A name no other test uses.</summary>
    public string NewName() => $"tool{Interlocked.Increment(ref tools)}";

    /// <summary>Registers a tool of kind http under a path of its own.</summary>
    internal async Task<string> HttpToolAsync(HttpClient client, string more = "")
    {
        var name = NewName();
        await RegisterAsync(client, $$"""{"name":"{{name}}","kind":"http","url":"{{Server.Url}}/{{name}}"{{(more.Length == 0 ? "" : "," + more)}}}""");
        return name;
    }

    /// <summary>Registers a tool.</summary>
    internal static async Task<ToolImport> RegisterAsync(HttpClient client, string body)
    {
        using var answer = await client.PostAsync("/api/v1/tools", BadInputTests.Json(body));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ToolImport>(PlatformJson.Options))!;
    }

    /// <summary>Calls a tool.</summary>
    internal static async Task<InvokedTool> InvokeAsync(HttpClient client, string name, string body = "{}", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/tools/{name}/invoke") { Content = BadInputTests.Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await client.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<InvokedTool>(PlatformJson.Options))!;
    }

    /// <summary>What a refusal says.</summary>
    internal static async Task<(int Status, string Code, string Message)> RefusalAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = body.RootElement;
        var text = root.GetRawText();
        return ((int)answer.StatusCode, Find(root, "code"), text);
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Egress:AllowedHosts"] = $"{Server.Host},{Mcp.Host}",
            ["Tools:McpRecheck"] = "00:00:00",
            ["Resilience:BaseDelay"] = "00:00:00",
            ["Runs:Lease"] = "00:00:05",
        });
    }

    private static string Find(JsonElement element, string member) => element.TryGetProperty(member, out var value)
        ? value.GetString() ?? ""
        : element.TryGetProperty("error", out var inner) ? Find(inner, member) : "";
}
