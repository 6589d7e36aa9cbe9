using AgentSystem.Benchmarks.Processes;
using AgentSystem.Benchmarks.Servers.Postgres;

namespace AgentSystem.Benchmarks.Checkpoint.LangGraph;

/// <summary>LangGraph.js' PostgresSaver on Node, without the graph around it; <c>peer.mjs</c> beside this file calls it.</summary>
internal sealed class LangGraphSaver : ICheckpointer
{
    /// <summary>In the report.</summary>
    public const string Label = "LangGraph.js PostgresSaver";

    private const string Package = "@langchain/langgraph-checkpoint-postgres";
    private static readonly string Folder = Path.Combine("AgentSystem.Benchmarks", "Checkpoint", "LangGraph");

    private readonly NodePeer peer;

    private LangGraphSaver(NodePeer peer) => this.peer = peer;

    public string Name => Label;

    /// <summary>Null when it can be started; otherwise why not, with the cure.</summary>
    public static Task<string?> PrepareAsync(CancellationToken cancellation) => NodePackages.PrepareAsync(Folder, Package, cancellation);

    public static LangGraphSaver Start(DurableServer server)
    {
        var (host, user, database) = server.Address;
        return new LangGraphSaver(NodePeer.Start(Folder, host, user, database));
    }

    public async Task<Supersteps> MeasureAsync(string name, int threads, TimeSpan time, CancellationToken cancellation)
    {
        var answer = await peer.AskAsync(new { @do = "measure", name, threads, milliseconds = time.TotalMilliseconds, text = State.Text }, cancellation);
        return new Supersteps(answer.GetProperty("seconds").GetDouble(), [.. answer.GetProperty("times").EnumerateArray().Select(static each => each.GetDouble())]);
    }

    public async Task<bool> CheckAsync(string name, int threads, int steps, CancellationToken cancellation) =>
        (await peer.AskAsync(new { @do = "check", name, threads, steps, text = State.Text }, cancellation)).GetProperty("identical").GetBoolean();

    public ValueTask DisposeAsync() => peer.DisposeAsync();
}
