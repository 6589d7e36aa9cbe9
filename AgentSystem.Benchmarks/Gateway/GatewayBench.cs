using System.Diagnostics;
using System.Text.Json;
using AgentSystem.Benchmarks.Gateway.Load;
using AgentSystem.Benchmarks.Gateway.Portkey;
using AgentSystem.Benchmarks.Gateway.Yarp;
using AgentSystem.Benchmarks.Processes;

namespace AgentSystem.Benchmarks.Gateway;

/// <summary>The processes of the benchmark: the scripted model, what stands in front of it, and the generator. All end with it.</summary>
internal sealed class GatewayBench : IAsyncDisposable
{
    public const string Direct = "direct", Bare = "AgentSystem, bare model", Agent = "AgentSystem, agent";

    private static readonly IReadOnlyDictionary<string, string> Key = new Dictionary<string, string> { ["Authorization"] = $"Bearer {AgentSystemServer.Key}" };

    /// <summary>A subject is idle when it took no tick in this time; facts are written behind the answers, and the next subject must not pay for them.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(3);

    private readonly Stack<ChildProcess> processes = new();
    private readonly List<Subject> subjects = [];
    private ChildProcess? generator, portkey;

    /// <summary>The subjects, in the order of the report.</summary>
    public IReadOnlyList<Subject> Subjects => subjects;

    /// <summary>Why Portkey is not among them; null when it is, or was not wanted.</summary>
    public string? WithoutPortkey { get; private set; }

    public static async Task<GatewayBench> StartAsync(ProcessorSplit split, bool withPortkey, CancellationToken cancellation)
    {
        var bench = new GatewayBench();
        try
        {
            await bench.StartSubjectsAsync(split, withPortkey, cancellation);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the generator ask one subject, and counts what that took.</summary>
    public async Task<Measurement> MeasureAsync(Subject subject, LoadOrder order, CancellationToken cancellation)
    {
        var before = subject.Tree.ProcessorMilliseconds();
        await generator!.Orders.WriteLineAsync(JsonSerializer.Serialize(order).AsMemory(), cancellation);
        await generator.Orders.FlushAsync(cancellation);
        var line = await generator.Answers.ReadLineAsync(cancellation) ?? throw new InvalidOperationException($"The load generator ended: {generator.Story()}");
        var spent = await SettleAsync(subject.Tree, cancellation) - before;
        return new Measurement(JsonSerializer.Deserialize<LoadResult>(line)!, spent, subject.Tree.MemoryMegabytes());
    }

    public async ValueTask DisposeAsync()
    {
        // Node does not end with its standard input.
        portkey?.Kill();
        while (processes.TryPop(out var process))
        {
            await process.DisposeAsync();
        }
    }

    private static async Task<double> SettleAsync(ProcessTree tree, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var spent = tree.ProcessorMilliseconds(); ;)
        {
            await Task.Delay(IdleTime, cancellation);
            var now = tree.ProcessorMilliseconds();
            if (now == spent || Stopwatch.GetElapsedTime(start) > LongestSettling)
            {
                return now;
            }

            spent = now;
        }
    }

    private async Task StartSubjectsAsync(ProcessorSplit split, bool withPortkey, CancellationToken cancellation)
    {
        var none = new Dictionary<string, string>();
        generator = Keep(ChildProcess.StartRole(LoadGenerator.Name, split.Others, [], speaks: true));
        var model = Keep(ChildProcess.StartRole(ScriptedUpstream.Name, split.Others, []));
        var (address, _) = await model.ListeningAsync();
        subjects.Add(new Subject(Direct, address, "up", none, new ProcessTree(model.Id)));

        var yarp = Keep(ChildProcess.StartRole(YarpRoute.Name, split.Measured, [$"{address}"]));
        subjects.Add(new Subject(YarpRoute.Name, (await yarp.ListeningAsync()).Url, "up", none, new ProcessTree(yarp.Id)));

        var folder = Path.Combine(Path.GetTempPath(), $"agentsystem-bench-{Environment.ProcessId}");
        var ours = Keep(ChildProcess.StartRole(AgentSystemServer.Name, split.Measured, [$"{address}", folder]));
        var (url, postgres) = await ours.ListeningAsync();
        subjects.Add(new Subject(Bare, url, AgentSystemServer.BareModel, Key, new ProcessTree([ours.Id, .. postgres])));
        subjects.Add(new Subject(Agent, url, AgentSystemServer.Agent, Key, new ProcessTree([ours.Id, .. postgres])));

        if (!withPortkey || (WithoutPortkey = await PortkeyGateway.PrepareAsync(cancellation)) is not null)
        {
            return;
        }

        (portkey, var portkeyUrl) = await PortkeyGateway.StartAsync(split.Measured, cancellation);
        Keep(portkey);
        subjects.Add(new Subject(PortkeyGateway.Name, portkeyUrl, "up", PortkeyGateway.Headers(address), new ProcessTree(portkey.Id)));
    }

    private ChildProcess Keep(ChildProcess process)
    {
        processes.Push(process);
        return process;
    }
}
