using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Responses;

/// <summary>Deletes responses whose time is over, batch after batch.</summary>
internal sealed partial class ResponseCleaner(IResponseStore store, IOptions<ResponsesOptions> options, TimeProvider time, ILogger<ResponseCleaner> log) : BackgroundService
{
    private const int Batch = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(options.Value.CleaningInterval, time);
        while (true)
        {
            try
            {
                await tick.WaitForNextTickAsync(stoppingToken);
                while (await store.DeleteExpiredAsync(Batch, stoppingToken) == Batch)
                {
                    // No transaction is long.
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogSkipped(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old responses could not be deleted; the next attempt follows")]
    private partial void LogSkipped(Exception exception);
}
