using System.Diagnostics;
using System.Net;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>
/// Two API processes, each with a network of its own to PostgreSQL. The one that holds a run of 40 payments is cut off in the middle: it stays alive and is told nothing, its lease runs out, the other goes on,
/// and when the network is back the first is refused, makes no payment twice, and serves again by itself.
/// </summary>
public sealed class PartitionedRunTests(TestPostgres postgres) : IAsyncDisposable
{
    private const int Payments = 40;
    private const int Further = 3;

    /// <summary>What a caller waits at most: twice the time for a statement, once that for a connection (the cancellation), and a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly List<FaultProxy> networks = [];
    private readonly List<ApiProcess> processes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        foreach (var network in networks)
        {
            await network.DisposeAsync();
        }
    }

    [Fact]
    public async Task Run_WhoseHolderIsCutOff_GoesOnElsewhereAndEveryPaymentIsMadeOnce()
    {
        await using var run = await PayingRun.PrepareAsync(postgres, Payments);
        await StartAsync(run);
        await StartAsync(run);
        await run.SubmitAsync();
        foreach (var ways in new[] { Way.Both, Way.ToServer, Way.ToClient })
        {
            var round = Stopwatch.GetTimestamp();
            var paid = run.Paid;
            run.Allow(paid + (2 * Further));
            await run.UntilPaidAsync(paid + Further);
            var holder = await HolderAsync(run);
            networks[holder].Cut(ways);
            var asked = Task.WhenAll(AskAsync(processes[holder], "/ready"), AskAsync(processes[holder], "/api/v1/runs"), AskAsync(processes[holder], "/api/v1/state"));

            var before = run.Paid;
            run.Allow(before + Further);
            await run.UntilAsync(async () => run.Paid > before + 1 && await run.HolderAsync() is { } now && now != processes[holder].Process.Id);
            Assert.NotEqual(processes[holder].Process.Id, await run.HolderAsync());
            Assert.All(await asked, Assert.NotNull);
            var taken = Stopwatch.GetElapsedTime(round);
            networks[holder].Heal();
            await ReadyAsync(processes[holder]);
            TestContext.Current.TestOutputHelper?.WriteLine($"{ways}: {taken} until another had gone on and the callers were answered, {Stopwatch.GetElapsedTime(round)} until the first served again; {run.Paid} payments");
        }

        run.Allow(int.MaxValue);
        await run.UntilEndedAsync();

        await run.AssertAllPaidOnceAsync();
    }

    /// <summary>Refused as unavailable, with a hint when to come again, in time.</summary>
    private static async Task<string> AskAsync(ApiProcess process, string path)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await process.Client.GetAsync(path);
        Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, answer.StatusCode));
        Assert.True(path == "/ready" || answer.Headers.RetryAfter is not null, $"{path} does not say when to come again");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Bound);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task ReadyAsync(ApiProcess process)
    {
        using var patience = new CancellationTokenSource(Bound);
        while (true)
        {
            using var answer = await process.Client.GetAsync("/ready", patience.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }
        }
    }

    private async Task<int> HolderAsync(PayingRun run)
    {
        var holder = await run.AnyHolderAsync();
        return processes.FindIndex(process => process.Process.Id == holder);
    }

    private async Task StartAsync(PayingRun run)
    {
        networks.Add(FaultProxy.BeforePostgres(run.Connection, out var through));
        processes.Add(await ApiProcess.StartAsync(through, run.Model, [.. run.Environment, ("Stores__PostgresConnect", "00:00:02"), ("Stores__PostgresAnswer", "00:00:03")]));
    }
}
