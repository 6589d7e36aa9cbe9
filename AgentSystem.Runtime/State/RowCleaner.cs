using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.State;

/// <summary>Deletes rows whose time is over, batch after batch, so that no transaction is long. A database that is away is tried again at the next tick.</summary>
internal abstract partial class RowCleaner(string rows, TimeSpan interval, TimeProvider time, ILogger log) : BackgroundService
{
    private const int Batch = 500;

    /// <summary>Deletes at most <paramref name="most"/> and gives how many it were.</summary>
    protected abstract Task<int> DeleteAsync(int most, CancellationToken cancellation);

    /// <summary>Deletes everything whose time is over.</summary>
    internal async Task CleanAsync(CancellationToken cancellation)
    {
        while (await DeleteAsync(Batch, cancellation) == Batch)
        {
            // No transaction is long.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(interval, time);
        while (true)
        {
            try
            {
                await tick.WaitForNextTickAsync(stoppingToken);
                await CleanAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogSkipped(exception, rows);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old {Rows} could not be deleted; the next attempt follows")]
    private partial void LogSkipped(Exception exception, string rows);
}
