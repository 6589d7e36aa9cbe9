using AgentSystem.ServiceDefaults.Stores;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace AgentSystem.Tests.ServiceDefaults.Stores;

public sealed class StoresTests(TestPostgres postgres)
{
    [Fact]
    public void AddStores_WithoutPostgres_NamesTheCure()
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Builder(null).AddStores());
        Assert.Contains("ConnectionStrings__postgres is not set", Assert.Single(refusal.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void AddStores_EveryMistake_IsToldAtOnceAndWithoutItsText()
    {
        var builder = Builder("postgres://me:hunter2@host/db");
        builder.Configuration["ConnectionStrings:redis"] = "host,nonsense=hunter2";
        var refusal = Assert.Throws<OptionsValidationException>(builder.AddStores);
        Assert.Equal(2, refusal.Failures.Count());
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddStores_PostgresAnswers_IsReadyWithoutRedis()
    {
        var builder = Builder(await postgres.CreateDatabaseAsync());
        builder.AddStores();
        using var host = builder.Build();
        Assert.Null(host.Services.GetRequiredService<RedisConnection>().Database);
        Assert.Null(host.Services.GetService<IConnectionMultiplexer>());
        Assert.Equal(HealthStatus.Healthy, await ReadyAsync(host));
    }

    [Fact]
    public async Task AddStores_RedisIsAway_IsDegradedAndStillReady()
    {
        var builder = Builder(await postgres.CreateDatabaseAsync());
        builder.Configuration["ConnectionStrings:redis"] = "127.0.0.1:1,connectTimeout=100,connectRetry=1";
        builder.AddStores();
        using var host = builder.Build();
        Assert.Null(host.Services.GetRequiredService<RedisConnection>().Database);
        Assert.Equal(HealthStatus.Degraded, await ReadyAsync(host));
    }

    [Fact]
    public async Task AddStores_PostgresIsAway_IsNotReady()
    {
        var builder = Builder("Host=127.0.0.1;Port=1;Username=nobody;Database=none");
        builder.AddStores();
        using var host = builder.Build();
        Assert.Equal(HealthStatus.Unhealthy, await ReadyAsync(host));
    }

    [Theory]
    [InlineData("Host=db;Username=me", 5, 15, 15)]
    [InlineData("Host=db;Username=me;Timeout=30;Command Timeout=60;Tcp Keepalive=false", 30, 60, 0)]
    [InlineData("Host=db;Username=me;command timeout=0", 5, 0, 15)]
    [InlineData("Host=/run/postgresql;Username=me", 5, 15, 0)]
    public async Task AddStores_TimesOfTheConnectionString_WinOverOurs(string connectionString, int connect, int answer, int keepAlive)
    {
        var builder = Builder(connectionString);
        builder.AddStores();
        using var host = builder.Build();
        await using var source = host.Services.GetRequiredService<NpgsqlDataSource>();
        var used = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Assert.Equal((connect, answer, keepAlive), (used.Timeout, used.CommandTimeout, used.TcpKeepAliveTime));
    }

    [Fact]
    public async Task AddStores_TimesOfTheSettings_AreUsed()
    {
        var builder = Builder("Host=db;Username=me;Password=hunter2");
        (builder.Configuration["Stores:PostgresConnect"], builder.Configuration["Stores:PostgresAnswer"]) = ("00:00:07", "00:02:00");
        builder.AddStores();
        using var host = builder.Build();
        await using var source = host.Services.GetRequiredService<NpgsqlDataSource>();
        var used = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Assert.Equal((7, 120), (used.Timeout, used.CommandTimeout));
    }

    private static HostApplicationBuilder Builder(string? connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:postgres"] = connectionString;
        return builder;
    }

    private static async Task<HealthStatus> ReadyAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"))).Status;
}
