using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.AppHost.Embedded.Garnet;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AgentSystem.Tests.Reliability;

/// <summary>Redis falls silent, breaks its connections or dies while the API serves: answers stay right and quick, and are cached again when it is back.</summary>
public sealed class RedisGoneTests(TestPostgres postgres)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Redis_FallenSilent_CostsLittleAndIsToldByReady()
    {
        await using var api = new ApiWithRedis(postgres);
        await api.InitializeAsync();
        using var client = api.Client();
        Assert.Equal(["miss", "exact"], [await AskAsync(client, "q"), await AskAsync(client, "q")]);
        api.Network.Cut(Way.Both);

        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("miss", await AskAsync(client, "q"));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await AssertReadyAsync(client, "degraded");
        api.Network.Heal();
        await UntilCachedAsync(client);
        await AssertReadyAsync(client, "healthy");
    }

    [Fact]
    public async Task Redis_WhoseConnectionsBreak_IsFoundAgain()
    {
        await using var api = new ApiWithRedis(postgres);
        await api.InitializeAsync();
        using var client = api.Client();
        Assert.Equal(["miss", "exact"], [await AskAsync(client, "q"), await AskAsync(client, "q")]);

        api.Network.Reset();

        Assert.Contains(await AskAsync(client, "q"), (string[])["miss", "exact"]);
        await UntilCachedAsync(client);
    }

    [Fact]
    public async Task Redis_Dead_LeavesEverythingAnswering()
    {
        await using var api = new ApiWithRedis(postgres);
        await api.InitializeAsync();
        using var client = api.Client();
        Assert.Equal(["miss", "exact"], [await AskAsync(client, "q"), await AskAsync(client, "q")]);

        api.KillRedis();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("miss", await AskAsync(client, "q"));
        }

        await AssertReadyAsync(client, "degraded");
        using var limited = await client.GetAsync("/api/v1/limits");
        Assert.Equal(HttpStatusCode.OK, limited.StatusCode);
    }

    private static async Task AssertReadyAsync(HttpClient client, string redis)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync("/ready");
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, redis), (answer.StatusCode, told.GetProperty("checks").GetProperty("redis").GetString()));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static async Task UntilCachedAsync(HttpClient client)
    {
        var began = Stopwatch.GetTimestamp();
        while (await AskAsync(client, "q") != "exact")
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Bound);
        }
    }

    /// <summary>What the answer says of the cache.</summary>
    private static async Task<string> AskAsync(HttpClient client, string question)
    {
        using var answer = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "assistant", messages = new[] { new { role = "user", content = question } } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("x-agentsystem-cache").Single();
    }

    private sealed class ApiWithRedis(TestPostgres postgres) : ApiFixture(postgres)
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentsystem-garnet-");
        private EmbeddedGarnet? redis;
        private FaultProxy? network;

        public FaultProxy Network => network!;

        /// <summary>Every connection is broken, and nobody takes new ones.</summary>
        public void KillRedis()
        {
            redis!.Dispose();
            redis = null;
            Network.Reset();
        }

        public override async ValueTask DisposeAsync()
        {
            network?.Heal();
            await base.DisposeAsync();
            await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
            redis?.Dispose();
            folder.Delete(recursive: true);
        }

        protected override void Configure(WebApplicationBuilder builder)
        {
            base.Configure(builder);
            redis = EmbeddedGarnet.TryStart(folder.FullName, NullLogger.Instance) ?? throw new InvalidOperationException("The embedded server did not start.");
            var direct = ConfigurationOptions.Parse(redis.ConnectionString);
            network = FaultProxy.Before(direct.EndPoints[0]);
            builder.Configuration["ConnectionStrings:redis"] = $"127.0.0.1:{network.Port},password={direct.Password}";
        }
    }
}
