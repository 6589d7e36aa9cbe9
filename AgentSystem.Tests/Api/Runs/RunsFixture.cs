using System.Collections.Concurrent;
using System.Net;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Runs;

/// <summary>The API with an agent <c>worker</c> whose tools can be counted: <c>fire</c> asks a person each time, <c>look</c> changes nothing.</summary>
public sealed class RunsFixture(TestPostgres postgres) : ApiFixture(postgres)
{
    /// <summary>Names of the tools that were called, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Makes the agent, once.</summary>
    public async Task<HttpClient> ClientOfWorkerAsync()
    {
        var client = Client();
        using var made = await client.PostAsync("/api/v1/agents", BadInputTests.Json("""{"name":"worker","model":"small","instructions":"Work.","tools":["fire","look"]}"""));
        Assert.True(made.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, await made.Content.ReadAsStringAsync());
        return client;
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Egress:AllowedHosts"] = "127.0.0.1:9", ["Runs:Lease"] = "00:00:05" });
        foreach (var (name, effect) in new[] { ("fire", ToolEffect.Unsafe), ("look", ToolEffect.Read) })
        {
            builder.Services.AddSingleton<ITool>(new CountingTool(name, effect, (tool, _) => Calls.Enqueue(tool)));
        }
    }
}
