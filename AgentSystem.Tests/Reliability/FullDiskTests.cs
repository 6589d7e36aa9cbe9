using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Reliability;

/// <summary>PostgreSQL's disk fills up under updates of state and in the middle of a run, first its tables, then its log, at which the server gives itself up. When there is room again everything goes on, and nothing acknowledged is missing.</summary>
public sealed class FullDiskTests(TestPostgres postgres)
{
    private const int Megabytes = 200;
    private const int Calls = 20;
    private const int CallsBefore = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Random chance = new(4);
    private readonly List<string> kept = [];

    [Fact]
    public async Task Disk_FillsUpAndIsFreed_LosesNothingAcknowledgedAndNeedsNoRepair()
    {
        await using var disk = await SmallDisk.MountAsync(Megabytes);
        var sockets = Path.Combine("/tmp", $"as-pg-{Path.GetRandomFileName()[..8]}");
        var node = await PostgresNode.MakeAsync("full", 5433, disk.Path, sockets, "");
        try
        {
            await node.InitializeAsync();
            await node.StartAsync();
            await node.ScalarAsync("ALTER SYSTEM SET wal_keep_size = 0");
            await node.ScalarAsync("SELECT pg_reload_conf()");
            await using var api = new ApiOnSmallDisk(postgres, node.Source.ConnectionString);
            await api.InitializeAsync();
            await FillAndFreeAsync(disk, node, api);
        }
        finally
        {
            await node.RemoveAsync();
            Directory.Delete(sockets, recursive: true);
        }
    }

    private async Task FillAndFreeAsync(SmallDisk disk, PostgresNode node, ApiOnSmallDisk api)
    {
        using var client = api.Client();
        using var agent = await client.PostAsJsonAsync("/api/v1/agents", new { name = "worker", model = "small", instructions = "Work.", tools = new[] { ApiOnSmallDisk.Tool }, limits = new { max_steps = Calls + 1, max_seconds = 600 } });
        agent.EnsureSuccessStatusCode();
        api.Model.Otherwise = ToolScript.InOrder([.. Enumerable.Range(0, Calls).Select(static _ => (Func<Turn>)(static () => ToolScript.Calls(ApiOnSmallDisk.Tool))), static () => Turn.Says("done")]);
        using var begun = await client.PostAsJsonAsync("/api/v1/runs", new { agent = "worker", input = "work" });
        var run = (await begun.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        api.Gate.Release(CallsBefore);
        await UntilAsync(() => Task.FromResult(api.Made.Count >= CallsBefore));

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(client)).Status);

        // The tables cannot grow: what needs room is refused, what is there is read.
        disk.Fill();
        var refused = await PatchUntilRefusedAsync(client);
        // What lacks room first may be the entry of the audit log, without which nothing is changed.
        Assert.Contains(refused.Code, (string?[])["store_full", "audit_unavailable"]);
        Assert.True(refused.Hint);
        using var read = await client.GetAsync("/api/v1/state/assistant/" + kept[0]);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        // The log cannot grow: the server ends itself at the next write.
        api.Gate.Release(Calls);
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => EndLogAsync(node));
        refused = await PatchUntilRefusedAsync(client);
        Assert.Contains(refused.Code, (string?[])["store_unavailable", "store_full", "outcome_unknown", "audit_unavailable"]);
        Assert.True(refused.Hint);

        disk.MakeRoom();
        await UntilAsync(async () =>
        {
            if (!node.IsRunning)
            {
                // As whatever looks after the server does.
                await node.StartAsync();
            }

            return (await PatchAsync(client)).Status == HttpStatusCode.OK;
        });
        await UntilAsync(async () => await StatusAsync(client, run!) == "success");

        foreach (var session in kept)
        {
            var state = await client.GetFromJsonAsync<JsonElement>("/api/v1/state/assistant/" + session);
            Assert.StartsWith(session, state.GetProperty("state").GetProperty("v").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(Calls, api.Made.Select(static call => call.Id).Distinct().Count());
        using var ready = await client.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    /// <summary>Uses up the log's files there are.</summary>
    private static async Task EndLogAsync(PostgresNode node)
    {
        while (true)
        {
            await node.ScalarAsync("SELECT pg_switch_wal()");
            await node.ScalarAsync("SELECT pg_logical_emit_message(true, 'test', 'the log grows')");
        }
    }

    private async Task<Told> PatchUntilRefusedAsync(HttpClient client)
    {
        while (true)
        {
            var told = await PatchAsync(client);
            if (told.Status != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, told.Status);
                return told;
            }
        }
    }

    /// <summary>Begins a session with a value that does not compress, and remembers it when that was acknowledged.</summary>
    private async Task<Told> PatchAsync(HttpClient client)
    {
        var session = "s" + chance.NextInt64().ToString(CultureInfo.InvariantCulture);
        var bytes = new byte[24_000];
        chance.NextBytes(bytes);
        using var answer = await client.PatchAsync("/api/v1/state/assistant/" + session, BadInputTests.Json($$"""{"updates":[{"key":"v","value":"{{session}} {{Convert.ToBase64String(bytes)}}","strategy":"replace"}]}"""));
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            kept.Add(session);
            return new Told(answer.StatusCode, null, false);
        }

        return new Told(answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), answer.Headers.RetryAfter is not null);
    }

    private static async Task<string?> StatusAsync(HttpClient client, string run)
    {
        using var answer = await client.GetAsync("/api/v1/runs/" + run);
        return answer.StatusCode == HttpStatusCode.OK ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString() : null;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Patience);
            await Task.Delay(50);
        }
    }

    private sealed record Told(HttpStatusCode Status, string? Code, bool Hint);

    private sealed class ApiOnSmallDisk(TestPostgres postgres, string connection) : ApiFixture(postgres)
    {
        public const string Tool = "put";

        /// <summary>Each call of the tool waits for one.</summary>
        public SemaphoreSlim Gate { get; } = new(0);

        public System.Collections.Concurrent.ConcurrentQueue<(string Tool, string Id)> Made { get; } = new();

        protected override void Configure(WebApplicationBuilder builder)
        {
            base.Configure(builder);
            builder.Configuration["ConnectionStrings:postgres"] = connection;
            builder.Configuration["Runs:Lease"] = "00:00:01";
            builder.Services.AddSingleton<ITool>(new CountingTool(Tool, ToolEffect.Idempotent, (tool, id) => Made.Enqueue((tool, id))) { Before = Gate.WaitAsync });
        }
    }
}
