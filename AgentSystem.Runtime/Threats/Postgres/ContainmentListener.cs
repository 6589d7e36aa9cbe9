using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>
/// Reads what is contained as soon as another process has placed or lifted something. Holds one connection; while it is away, <see cref="ThreatKeeper"/> finds out by looking every two seconds.
/// </summary>
internal sealed partial class ContainmentListener(NpgsqlDataSource source, ContainmentDesk containments, TimeProvider time, ILogger<ContainmentListener> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

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
            catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
            {
                LogAway(Pause, away);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);

        // What was told before anybody listened is found by looking once.
        var isTold = true;
        connection.Notification += (_, _) => isTold = true;
        await using (var listen = new NpgsqlCommand($"LISTEN {PostgresContainmentStore.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        while (true)
        {
            if (isTold)
            {
                // Before reading: what is told while it reads must be read again.
                isTold = false;
                await containments.RefreshAsync(stopping);
            }

            await Listening.WaitAsync(connection, stopping);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Notifications of containments do not come at the moment, the rows are looked at every two seconds; next try in {Pause}")]
    private partial void LogAway(TimeSpan pause, Exception exception);
}
