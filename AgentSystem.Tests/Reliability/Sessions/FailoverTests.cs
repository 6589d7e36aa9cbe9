using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Sessions;
using Npgsql;

namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>Three servers, one of two standbys must confirm. What was acknowledged outlives its primary; a primary that lost its place answers nothing that could be outdated.</summary>
public sealed class FailoverTests
{
    [Fact]
    public async Task Primary_Killed_LosesNoAcknowledgedStrongUpdate()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 2);
        await using var before = await ClusterSessions.MigrateAsync(cluster.Primary);
        Assert.InRange((await ClusterSessions.AppendAsync(before.Store, 0)).Done!.AppliedReplicas, 2, 3);
        var acknowledged = await ClusterSessions.ChangeUntilKilledAsync(before.Store, cluster.Primary, 300);

        await cluster.FailOverAsync();

        await using var after = ClusterSessions.On(cluster.Primary);
        var found = await ClusterSessions.ItemsAsync(after.Store);
        Assert.Empty(acknowledged.Except(found));
        Assert.Equal(found.Distinct().Count(), found.Count);
        // It goes on with the two that are left.
        Assert.Equal(2, (await ClusterSessions.AppendAsync(after.Store, -1)).Done!.AppliedReplicas);
        Assert.Contains(-1, await ClusterSessions.ItemsAsync(after.Store));
    }

    [Fact]
    public async Task Primary_PausedAndReplaced_ProvesNothingAndAcknowledgesNothingWhenItWakes()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 2);
        var old = cluster.Primary;
        await using var before = await ClusterSessions.MigrateAsync(old);
        await ClusterSessions.AppendAsync(before.Store, 1);
        await old.PauseAsync();
        await cluster.FailOverAsync();
        await using var after = ClusterSessions.On(cluster.Primary);
        Assert.Null((await ClusterSessions.AppendAsync(after.Store, 2)).Refusal);

        await old.ResumeAsync();

        // It does not know yet, and would tell the old value; a strong read does not let it.
        var stale = (await before.Store.ReadAsync(new SessionScope(Changes.Tenant, null), new SessionName("assistant", "list"), new SessionRead(Strong: false), default))!;
        Assert.Equal("[1]", stale.State["items"].GetRawText());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ClusterSessions.ItemsAsync(before.Store));
        Assert.Equal("outcome_unknown", (await ClusterSessions.AppendAsync(before.Store, 3)).Refusal?.Code);
        Assert.Equal([1, 2], await ClusterSessions.ItemsAsync(after.Store));
    }

    [Fact]
    public async Task Standbys_BothGone_NothingIsAcknowledgedUntilOneIsBack()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 2);
        await using var sessions = await ClusterSessions.MigrateAsync(cluster.Primary);
        Assert.Null((await ClusterSessions.AppendAsync(sessions.Store, 1)).Refusal);
        foreach (var standby in cluster.Standbys)
        {
            await standby.KillAsync();
        }

        Assert.Equal("outcome_unknown", (await ClusterSessions.AppendAsync(sessions.Store, 2)).Refusal?.Code);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ClusterSessions.ItemsAsync(sessions.Store));

        await cluster.Standbys.First().StartAsync();
        Assert.Null((await ClusterSessions.AppendAsync(sessions.Store, 3)).Refusal);
        Assert.Equal([1, 2, 3], await ClusterSessions.ItemsAsync(sessions.Store));
    }
}
