using System.Collections.Concurrent;
using System.Diagnostics;
using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Benchmarks.Checkpoint.Postgres;

/// <summary>Our journal of runs through its port: a superstep is a step that ends with the state as its result while the next one begins, in one durable write, as the loop of a run does it; the run's events are told with it.</summary>
internal sealed class RunJournalSide : ICheckpointer
{
    /// <summary>In the report.</summary>
    public const string Label = "AgentSystem";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly Caller Caller = new("key_bench", "bench", Tenants.Default, null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None);

    private readonly ServiceProvider services;

    public RunJournalSide(DurableServer server) =>
        services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(server.Source).AddRuns().BuildServiceProvider();

    public string Name => Label;

    private IRunLog Log => services.GetRequiredService<IRunLog>();

    public async Task<Supersteps> MeasureAsync(string name, int threads, TimeSpan time, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IRunStore>();
        foreach (var thread in Enumerable.Range(0, threads))
        {
            await store.SubmitAsync(new NewRun(Caller, "key:bench", "assistant", "go") { Id = Thread(name, thread) }, cancellation);
        }

        var held = await services.GetRequiredService<IRunQueue>().ClaimAsync("bench", threads, Lease, attempts: 1, cancellation);
        if (held.Count != threads)
        {
            throw new InvalidOperationException($"The measurement is void: {held.Count} of {threads} runs were given.");
        }

        var times = new ConcurrentBag<double>();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(held.Select(each => Task.Run(
            async () =>
            {
                Check(await Log.BeginAsync(each.Lease, Step(1), cancellation), 1);
                for (var step = 1; Stopwatch.GetElapsedTime(began) < time; step++)
                {
                    var start = Stopwatch.GetTimestamp();
                    Check(await Log.AdvanceAsync(each.Lease, new StepEnd(step, State.Of(each.Lease.RunId, step)), Step(step + 1), cancellation), step + 1);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            },
            cancellation)));
        return new Supersteps(Stopwatch.GetElapsedTime(began).TotalSeconds, [.. times]);
    }

    public async Task<bool> CheckAsync(string name, int threads, int steps, CancellationToken cancellation)
    {
        var found = 0;
        foreach (var run in Enumerable.Range(0, threads).Select(thread => Thread(name, thread)))
        {
            // The last one was begun and not ended: the time was up.
            var recorded = (await Log.ReadAsync(new RunLease(Tenants.Default, run, 0), cancellation)).SkipLast(1).ToList();
            found += recorded.Count;
            if (recorded.Where((step, place) => step.Index != place + 1 || step.Status != StepStatus.Done || step.Result != State.Of(run, place + 1)).Any())
            {
                return false;
            }
        }

        return found == steps;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static string Thread(string name, int number) => $"{name}-{number}";

    private static StepBegin Step(int number) => new($"m{number}", StepKind.Model, "bench");

    private static void Check(int? index, int step)
    {
        if (index != step)
        {
            throw new InvalidOperationException($"The measurement is void: step {step} was not begun.");
        }
    }
}
