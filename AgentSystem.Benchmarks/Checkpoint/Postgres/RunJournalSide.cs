using System.Collections.Concurrent;
using System.Diagnostics;
using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Benchmarks.Checkpoint.Postgres;

/// <summary>Our journal of runs through its port: a superstep is a step that is begun, durably, and ended with the state as its result, durably again; both tell the run's events.</summary>
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
                for (var step = 1; Stopwatch.GetElapsedTime(began) < time; step++)
                {
                    var start = Stopwatch.GetTimestamp();
                    await StepAsync(each.Lease, step, cancellation);
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
            var recorded = await Log.ReadAsync(new RunLease(Tenants.Default, run, 0), cancellation);
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

    private async Task StepAsync(RunLease lease, int step, CancellationToken cancellation)
    {
        var index = await Log.BeginAsync(lease, new StepBegin($"m{step}", StepKind.Model, "bench"), cancellation);
        if (index is not { } place || !await Log.EndAsync(lease, new StepEnd(place, State.Of(lease.RunId, step)), cancellation))
        {
            throw new InvalidOperationException($"The measurement is void: step {step} of {lease.RunId} was not recorded.");
        }
    }
}
