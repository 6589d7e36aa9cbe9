using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Harness;

/// <summary>The API with a network between it and PostgreSQL that a test can break, and with little patience, so that tests need not wait long for what callers of a real one would wait for.</summary>
internal sealed class ApiOverNetwork(TestPostgres postgres) : ApiFixture(postgres)
{
    /// <summary>What a caller waits at most: for a statement, for its cancellation, for finding out about a lost commit, and for a busy machine.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private FaultProxy? network;

    public FaultProxy Network => network ?? throw new InvalidOperationException("The API is started before its network is asked for.");

    public static async Task<ApiOverNetwork> StartAsync(TestPostgres postgres)
    {
        var api = new ApiOverNetwork(postgres);
        await api.InitializeAsync();
        return api;
    }

    public override async ValueTask DisposeAsync()
    {
        network?.Heal();
        await base.DisposeAsync();
        await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        network = FaultProxy.BeforePostgres(builder.Configuration.GetConnectionString("postgres")!, out var through);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:postgres"] = through,
            ["Stores:PostgresConnect"] = "00:00:02",
            ["Stores:PostgresAnswer"] = "00:00:03",
            ["Sessions:QuorumSeconds"] = "2",
        });
    }
}
