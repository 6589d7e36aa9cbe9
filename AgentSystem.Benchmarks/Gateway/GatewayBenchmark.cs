using AgentSystem.Benchmarks.Gateway.Portkey;
using AgentSystem.Benchmarks.Gateway.Yarp;
using AgentSystem.Benchmarks.Processes;

namespace AgentSystem.Benchmarks.Gateway;

/// <summary>What it costs to have AgentSystem between a caller and a model: beside no gateway, beside a plain YARP route, and beside Portkey's, in turns within one run.</summary>
internal static class GatewayBenchmark
{
    private static readonly GatewayCase WarmUp = new(Streams: false, ThinkMilliseconds: 0, Connections: 16);

    public static Task<Report> RunAsync(CancellationToken cancellation) => RunAsync(GatewayPlan.Whole, cancellation);

    public static async Task<Report> RunAsync(GatewayPlan plan, CancellationToken cancellation)
    {
        var split = ProcessorSplit.Choose();
        await using var bench = await GatewayBench.StartAsync(split, plan.WithPortkey, cancellation);
        foreach (var subject in bench.Subjects)
        {
            await bench.MeasureAsync(subject, subject.Order(WarmUp, plan.WarmUpSeconds, plan.Questions), cancellation);
            await bench.MeasureAsync(subject, subject.Order(WarmUp with { Streams = true }, plan.WarmUpSeconds / 2, plan.Questions), cancellation);
        }

        var rounds = new List<Dictionary<(GatewayCase, string), Measurement>>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            var found = new Dictionary<(GatewayCase, string), Measurement>();
            foreach (var situation in plan.Cases)
            {
                foreach (var subject in round % 2 == 0 ? bench.Subjects : bench.Subjects.Reverse())
                {
                    found[(situation, subject.Name)] = await bench.MeasureAsync(subject, subject.Order(situation, plan.Seconds, plan.Questions), cancellation);
                }
            }

            rounds.Add(found);
        }

        string[] names = [.. bench.Subjects.Select(subject => subject.Name)];
        return new Report(
            "gateway",
            $"a scripted model behind each way to it; {plan.Seconds} s a case and round after {1.5 * plan.WarmUpSeconds} s to warm up, ways in turns, every second round backwards; {split.Description}",
            ["case", "way", "req/s", "p50 ms", "p95 ms", "p99 ms", "first piece ms", "added p50 ms", "cpu ms/req", "memory MB", "errors", "req/s to direct", "req/s to yarp", "req/s to portkey", "cpu to yarp", "cpu to portkey"],
            [.. from situation in plan.Cases from name in names select Row(situation, name, rounds)],
            [.. Notes(bench, rounds)],
            plan.Rounds);
    }

    private static IReadOnlyList<object> Row(GatewayCase situation, string name, IReadOnlyList<Dictionary<(GatewayCase, string), Measurement>> rounds)
    {
        Measurement[] In(string way) => [.. rounds.Select(round => round.GetValueOrDefault((situation, way))).OfType<Measurement>()];
        var own = In(name);
        // A way that answered nothing in a round has no figures there: not a latency of zero, and no ratio to nothing.
        object Of(Func<Measurement, double> figure) => Middle(own.Where(Answered).Select(figure));
        object Against(string peer, Func<Measurement, double> figure, Func<double, double, double> compare) =>
            peer == name ? "-" : SpreadOf(own.Zip(In(peer)).Where(pair => Answered(pair.First) && Answered(pair.Second)).Select(pair => compare(figure(pair.First), figure(pair.Second))));
        object Ratio(string peer, Func<Measurement, double> figure) => Against(peer, figure, (mine, other) => mine / other);
        return
        [
            $"{(situation.Streams ? "stream" : "whole")}, {situation.ThinkMilliseconds} ms, {situation.Connections} conn.", name,
            Middle(own.Select(each => each.Load.PerSecond)), Of(each => each.Load.P50), Of(each => each.Load.P95), Of(each => each.Load.P99),
            situation.Streams ? Of(each => each.Load.FirstPieceP50) : "-",
            Against(GatewayBench.Direct, each => each.Load.P50, (mine, direct) => mine - direct),
            Of(each => each.ProcessorPerAnswer), Middle(own.Select(each => each.MemoryMegabytes)), own.Sum(each => each.Load.Errors),
            Ratio(GatewayBench.Direct, each => each.Load.PerSecond), Ratio(YarpRoute.Name, each => each.Load.PerSecond), Ratio(PortkeyGateway.Name, each => each.Load.PerSecond),
            name == GatewayBench.Direct ? "-" : Ratio(YarpRoute.Name, each => each.ProcessorPerAnswer), name == GatewayBench.Direct ? "-" : Ratio(PortkeyGateway.Name, each => each.ProcessorPerAnswer),
        ];
    }

    private static bool Answered(Measurement measured) => measured.Load.PerSecond > 0;

    private static object Middle(IEnumerable<double> figures) => SpreadOf(figures) is Spread spread ? spread.Median : "-";

    // Processor time is counted in ticks of 10 ms: a way that took less than one in a round gives no ratio.
    private static object SpreadOf(IEnumerable<double> figures) => figures.Where(double.IsFinite).ToArray() is { Length: > 0 } some ? Spread.Of(some) : "-";

    private static IEnumerable<string> Notes(GatewayBench bench, IEnumerable<Dictionary<(GatewayCase, string), Measurement>> rounds)
    {
        yield return "case: whole answer or stream, the model's time to think, open connections (HTTP/1.1, kept alive). Figures are medians over the rounds; a ratio is taken within each round, its median with lowest and highest.";
        yield return "closed loop: a connection asks again when it was answered, so a slow way is asked less and its percentiles flatter it. Every answer is compared with the script.";
        yield return "cpu: of all processes of the way (user and system, PostgreSQL included) until they are idle again; direct is the model itself. Memory: proportional set size of the same. Where cpu ms/req times req/s is far below one second, the generator or the model was the limit, not the way.";
        yield return $"not the same work: AgentSystem checks a key, limits, scans, routes, looks into and fills the answer cache, watches breakers, inspects answers and writes facts to PostgreSQL with durable commits ({AgentSystemServer.Slots} slots); the agent adds instructions and tool declarations; YARP and Portkey check nothing here.";
        if (bench.WithoutPortkey is { } reason)
        {
            yield return $"portkey: not measured: {reason}.";
        }

        foreach (var ((situation, name), measured) in rounds.SelectMany(round => round).Where(each => each.Value.Load.FirstError is not null).DistinctBy(each => each.Key.Item2))
        {
            yield return $"errors of {name}, first in {situation}: {measured.Load.FirstError}";
        }
    }
}
