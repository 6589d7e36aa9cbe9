using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.Runtime.Recordings.Postgres;

/// <summary>Passes the notifications of other processes on to the readers of this one. Holds one connection from the first reader on; while it is away, readers find out by looking.</summary>
internal sealed partial class RecordingListener(NpgsqlDataSource source, RecordingSignals signals, TimeProvider time, ILogger<RecordingListener> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signals.Needed.WaitAsync(stoppingToken);
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                LogAway(Pause, exception);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, told) => signals.Pulse(told.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {RecordingRows.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        while (true)
        {
            await Listening.WaitAsync(connection, stopping);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Notifications of recordings do not come at the moment, readers look for themselves; next try in {Pause}")]
    private partial void LogAway(TimeSpan pause, Exception exception);
}
