namespace AgentSystem.Tests.Harness;

/// <summary>A primary and two standbys, of which one must confirm every commit; or a single server that can be killed. A failover is done as an operator should: the standby that received most takes over.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const int FirstPort = 5433;

    private readonly string root = Path.Combine(Path.GetTempPath(), $"agentsystem-cluster-{Environment.ProcessId}-{Path.GetRandomFileName()[..8]}");
    private readonly string sockets = Path.Combine("/tmp", $"as-pg-{Path.GetRandomFileName()[..8]}");
    private readonly List<PostgresNode> nodes = [];

    /// <summary>Who takes writes.</summary>
    public PostgresNode Primary { get; private set; } = null!;

    public IEnumerable<PostgresNode> Standbys => nodes.Where(node => node != Primary);

    public static async Task<PostgresCluster> StartAsync(int standbys)
    {
        var cluster = new PostgresCluster();
        Directory.CreateDirectory(cluster.root);
        var everyone = standbys == 0 ? "" : string.Join(", ", Enumerable.Range(1, standbys + 1).Select(number => $"n{number}"));
        for (var number = 1; number <= standbys + 1; number++)
        {
            cluster.nodes.Add(await PostgresNode.MakeAsync($"n{number}", FirstPort + number - 1, cluster.root, cluster.sockets, everyone));
        }

        cluster.Primary = cluster.nodes[0];
        await cluster.Primary.InitializeAsync();
        await cluster.Primary.StartAsync();
        foreach (var standby in cluster.Standbys)
        {
            await standby.CopyAsync(cluster.Primary);
            await standby.StartAsync();
        }

        return cluster;
    }

    /// <summary>Makes the standby that has received most the primary and lets the other follow it. The old one must be dead or paused.</summary>
    public async Task FailOverAsync()
    {
        var (old, received) = (Primary, new List<(PostgresNode Node, long Bytes)>());
        foreach (var standby in Standbys)
        {
            received.Add((standby, await standby.ReceivedAsync()));
        }

        Primary = received.MaxBy(standby => standby.Bytes).Node;
        await Primary.PromoteAsync();
        foreach (var standby in Standbys.Where(standby => standby != old))
        {
            await standby.FollowAsync(Primary);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.RemoveAsync();
        }

        foreach (var left in new[] { root, sockets }.Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
