using System.Diagnostics;
using AgentSystem.Benchmarks.Servers.Postgres;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;

namespace AgentSystem.Benchmarks.Queue.Hangfire;

/// <summary>Hangfire with its PostgreSQL storage, both in their default settings but for the number of workers and the poll of an empty queue.</summary>
internal sealed class HangfireQueue : IJobQueue
{
    /// <summary>In the report.</summary>
    public const string Label = "Hangfire.PostgreSql";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly DurableServer server;
    private readonly PostgreSqlStorage storage;

    public HangfireQueue(DurableServer server)
    {
        this.server = server;
        // 15 s between two looks into an empty queue are the default; a worker that comes too early would sleep through the measurement.
        var settings = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(100) };
        storage = new PostgreSqlStorage(new NpgsqlConnectionFactory(server.ConnectionString, settings), settings);
    }

    public string Name => Label;

    public string HotTable => "hangfire.jobqueue";

    /// <summary>What a job does.</summary>
    public static void Nothing(int number) => _ = number;

    public async Task<double> SubmitAsync(int jobs, int callers, CancellationToken cancellation)
    {
        var client = new BackgroundJobClient(storage);
        var began = Stopwatch.GetTimestamp();
        // Its client is synchronous, so each caller is a thread.
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                for (var number = caller; number < jobs; number += callers)
                {
                    cancellation.ThrowIfCancellationRequested();
                    client.Enqueue(() => Nothing(number));
                }
            },
            cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public async Task<double> WorkAsync(int jobs, int concurrency, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var workers = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = concurrency, StopTimeout = TimeSpan.FromSeconds(2) }, storage);
        // A job leaves the queue after its success was recorded.
        while (await server.NumberAsync($"SELECT count(*) FROM {HotTable}", cancellation) > 0)
        {
            await Task.Delay(Look, cancellation);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
