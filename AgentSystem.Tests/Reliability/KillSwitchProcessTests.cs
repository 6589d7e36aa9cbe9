using System.Net;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Security;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>Two processes of the API on one database, as in production: what one of them stops, the other refuses within the promised time.</summary>
public sealed class KillSwitchProcessTests(TestPostgres postgres)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task KillSwitch_PulledAtOneProcess_IsInForceAtTheOtherWithinFiveSecondsOfItsAcceptance()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var here = await ApiProcess.StartAsync(database, null);
        await using var there = await ApiProcess.StartAsync(database, null);
        Assert.DoesNotContain("agents_stopped", await AskAsync(there.Client), StringComparison.Ordinal);

        var pulled = await here.Client.SendAsync<ContainmentView>("/kill-switch", new PullKillSwitch("tenant", "a drill"));
        var accepted = TimeProvider.System.GetTimestamp();
        var refused = await SecurityCalls.UntilAsync(() => AskAsync(there.Client), static answer => answer.Contains("agents_stopped", StringComparison.Ordinal));

        Assert.InRange(TimeProvider.System.GetElapsedTime(accepted), TimeSpan.Zero, Promised);
        Assert.Contains("kill switch", refused, StringComparison.Ordinal);
        using var lifted = await here.Client.DeleteAsync($"{SecurityCalls.Root}/containments/{pulled.Id}");
        Assert.Equal(HttpStatusCode.OK, lifted.StatusCode);
        await SecurityCalls.UntilAsync(() => AskAsync(there.Client), static answer => !answer.Contains("agents_stopped", StringComparison.Ordinal));
    }

    /// <summary>The model behind the agent does not answer; what counts is who says so.</summary>
    private static async Task<string> AskAsync(HttpClient client)
    {
        using var answer = await client.AskAsync();
        return await answer.Content.ReadAsStringAsync();
    }
}
