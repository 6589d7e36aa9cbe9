using System.Net;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Identity;

/// <summary>Keys while the network to the database is cut: those that were good a moment ago go on, others are told to come back, and a revocation counts once it is there again.</summary>
public sealed class KeyOutageTests(TestPostgres postgres)
{
    [Fact]
    public async Task Keys_WhileTheDatabaseIsAway_KnownOnesGoOnAndUnknownOnesGet503()
    {
        await using var api = await ApiOverNetwork.StartAsync(postgres);
        using var known = await api.ClientWithAsync(new CreateKey("metrics", [Scopes.Metrics]));
        using var unknown = await api.ClientWithAsync(new CreateKey("unused", [Scopes.Metrics]));
        using var before = await known.GetAsync("/metrics");
        api.Network.Cut(Way.Both);
        // Twice the time an answer of the store is trusted, so that it is asked again and does not answer.
        await WaitAsync(AgentSystem.Runtime.Security.KeyAuthenticator.Trust * 2);

        using var still = await known.GetAsync("/metrics");
        using var later = await unknown.GetAsync("/metrics");
        using var wrong = await api.Client("as-mistyped").GetAsync("/metrics");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before.StatusCode, still.StatusCode));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (later.StatusCode, wrong.StatusCode));
        Assert.NotNull(later.Headers.RetryAfter);
        api.Network.Heal();
    }

    /// <summary>The clock of the host under test is the real one.</summary>
    private static async Task WaitAsync(TimeSpan time)
    {
        using var tick = new PeriodicTimer(time, TimeProvider.System);
        await tick.WaitForNextTickAsync();
    }
}
