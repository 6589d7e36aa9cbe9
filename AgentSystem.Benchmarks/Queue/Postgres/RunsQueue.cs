using System.Diagnostics;
using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Benchmarks.Queue.Postgres;

/// <summary>Our queue of runs through the ports that the API and the workers use: a run is submitted, claimed with a lease and ended under its fencing token; its events are written. No agent is asked.</summary>
internal sealed class RunsQueue : IJobQueue
{
    /// <summary>In the report.</summary>
    public const string Label = "AgentSystem";

    /// <summary>Runs are spread over so many tenants, who take turns.</summary>
    private const int Tenants = 4;

    private static readonly TimeSpan Lease = new RunOptions().Lease;

    private readonly ServiceProvider services;
    private readonly IRunStore store;
    private readonly IRunQueue queue;
    private readonly IRunLog log;
    private readonly Caller[] callers;

    private readonly int places;

    private RunsQueue(DurableServer server, IReadOnlyList<string> tenants, int places)
    {
        this.places = places;
        services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(server.Source).AddRuns().BuildServiceProvider();
        (store, queue, log) = (services.GetRequiredService<IRunStore>(), services.GetRequiredService<IRunQueue>(), services.GetRequiredService<IRunLog>());
        callers = [.. tenants.Select(static tenant => new Caller("key_bench", "bench", tenant, null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None))];
    }

    public string Name => $"{Label}, {places} places";

    public string HotTable => "agentsystem.runs";

    /// <summary>One for each number of places, which are what an installation sets as <c>Runs:Concurrency</c>.</summary>
    public static async Task<IReadOnlyList<RunsQueue>> StartAsync(DurableServer server, IReadOnlyList<int> places, CancellationToken cancellation)
    {
        string[] tenants = [.. Enumerable.Range(1, Tenants).Select(static number => $"bench-{number}")];
        await server.ExecuteAsync($"INSERT INTO agentsystem.tenants (tenant_id) VALUES {string.Join(", ", tenants.Select(static tenant => $"('{tenant}')"))}", cancellation);
        return [.. places.Select(each => new RunsQueue(server, tenants, each))];
    }

    public async Task<double> SubmitAsync(int jobs, int callers, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                for (var number = caller; number < jobs; number += callers)
                {
                    var begun = await store.SubmitAsync(new NewRun(this.callers[number % Tenants], "key:bench", "assistant", $$"""{"number":{{number}}}"""), cancellation);
                    Check(begun.Run is not null, "a run was not begun");
                }
            },
            cancellation)));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>As <c>RunWorker</c> does it: as many runs are claimed as there are free places, when a good part of them is.</summary>
    public async Task<double> WorkAsync(int jobs, int concurrency, CancellationToken cancellation)
    {
        var free = new RunPlaces(places, TimeProvider.System);
        var ends = new List<Task>(jobs);
        var began = Stopwatch.GetTimestamp();
        while (ends.Count < jobs)
        {
            var wanted = await free.TakeAsync(more: true, cancellation);
            var claimed = await queue.ClaimAsync("bench", wanted, Lease, attempts: 5, cancellation);
            Check(claimed.Count > 0 || wanted < places, "the queue gave nothing though runs wait");
            ends.AddRange(claimed.Select(held => Task.Run(() => EndAsync(held, free, cancellation), cancellation)));
            free.Free(wanted - claimed.Count);
        }

        await Task.WhenAll(ends);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task EndAsync(HeldRun held, RunPlaces free, CancellationToken cancellation)
    {
        try
        {
            Check(await log.FinishAsync(held.Lease, new RunEnd(RunStatus.Success, "done", null), cancellation), "a run was not ended");
        }
        finally
        {
            free.Free(1);
        }
    }

    private static void Check(bool holds, string failure)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The measurement is void: {failure}.");
        }
    }
}
