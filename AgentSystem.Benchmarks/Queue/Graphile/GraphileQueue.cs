using AgentSystem.Benchmarks.Processes;
using AgentSystem.Benchmarks.Servers.Postgres;

namespace AgentSystem.Benchmarks.Queue.Graphile;

/// <summary>graphile-worker on Node, in the settings its documentation publishes for speed; <c>peer.mjs</c> beside this file runs it.</summary>
internal sealed class GraphileQueue : IJobQueue
{
    /// <summary>In the report.</summary>
    public const string Label = "graphile-worker";

    private static readonly string Folder = Path.Combine("AgentSystem.Benchmarks", "Queue", "Graphile");

    private readonly NodePeer peer;

    private GraphileQueue(NodePeer peer) => this.peer = peer;

    public string Name => Label;

    public string HotTable => "graphile_worker._private_jobs";

    /// <summary>Null when it can be started; otherwise why not, with the cure.</summary>
    public static Task<string?> PrepareAsync(CancellationToken cancellation) => NodePackages.PrepareAsync(Folder, Label, cancellation);

    public static GraphileQueue Start(DurableServer server)
    {
        var (host, user, database) = server.Address;
        return new GraphileQueue(NodePeer.Start(Folder, host, user, database));
    }

    public async Task<double> SubmitAsync(int jobs, int callers, CancellationToken cancellation) =>
        (await peer.AskAsync(new { @do = "submit", jobs, callers }, cancellation)).GetProperty("seconds").GetDouble();

    public async Task<double> WorkAsync(int jobs, int concurrency, CancellationToken cancellation) =>
        (await peer.AskAsync(new { @do = "work", jobs, concurrency }, cancellation)).GetProperty("seconds").GetDouble();

    public ValueTask DisposeAsync() => peer.DisposeAsync();
}
