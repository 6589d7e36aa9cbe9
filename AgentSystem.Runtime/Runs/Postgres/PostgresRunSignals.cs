using System.Collections.Concurrent;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Listens to the notifications that the database sends when a transaction about runs commits, on one connection of its own.</summary>
internal sealed partial class PostgresRunSignals(NpgsqlDataSource source, TimeProvider time, ILogger<PostgresRunSignals> log) : BackgroundService, IRunSignals
{
    private const string Ready = "agentsystem_run_ready";
    private const string Changed = "agentsystem_run_changed";
    private const string StoppedRun = "agentsystem_run_stopped";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RunWatch, string> watches = new();
    private readonly Signal work = new();

    public event Action<string>? Stopped;

    public Task WorkAsync(TimeSpan most, CancellationToken cancellation) => work.WaitAsync(most, time, cancellation);

    public IRunWatch Watch(string runId)
    {
        var watch = new RunWatch(this, time);
        watches[watch] = runId;
        return watch;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Those who wait look by themselves too, only less often.
                LogAway(e);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, notification) => Hear(notification.Channel, notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Ready}; LISTEN {Changed}; LISTEN {StoppedRun}", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        // What was told while nobody listened is found by looking once.
        work.Set();
        foreach (var watch in watches.Keys)
        {
            watch.Signal.Set();
        }

        while (true)
        {
            await Listening.WaitAsync(connection, stopping);
        }
    }

    private void Hear(string channel, string payload)
    {
        if (channel == Ready)
        {
            work.Set();
            return;
        }

        if (channel == StoppedRun)
        {
            Stopped?.Invoke(payload);
            return;
        }

        foreach (var (watch, run) in watches)
        {
            if (run == payload)
            {
                watch.Signal.Set();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database's notifications about runs are not heard at the moment; runs are looked for by polling")]
    private partial void LogAway(Exception exception);

    /// <summary>Remembers that something happened until somebody has waited for it.</summary>
    private sealed class Signal
    {
        private readonly Lock gate = new();
        private TaskCompletionSource happened = New();

        public void Set()
        {
            lock (gate)
            {
                happened.TrySetResult();
            }
        }

        public async Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellation)
        {
            TaskCompletionSource awaited;
            lock (gate)
            {
                awaited = happened;
            }

            try
            {
                await awaited.Task.WaitAsync(most, time, cancellation);
            }
            catch (TimeoutException)
            {
                // Nothing happened in that time.
                return;
            }

            lock (gate)
            {
                happened = ReferenceEquals(happened, awaited) ? New() : happened;
            }
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class RunWatch(PostgresRunSignals signals, TimeProvider time) : IRunWatch
    {
        public Signal Signal { get; } = new();

        public Task ChangedAsync(TimeSpan most, CancellationToken cancellation) => Signal.WaitAsync(most, time, cancellation);

        public void Dispose() => signals.watches.TryRemove(this, out _);
    }
}
