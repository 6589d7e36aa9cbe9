using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Carries rotations on. Every process with the whole data plane does; they pass over each other's rows.</summary>
internal sealed partial class RotationWorker(Rotation rotation, TimeProvider time, ILogger<RotationWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await rotation.ContinueAsync(Rotation.Age, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or IOException or SealException)
            {
                // What was done is done; the next round goes on behind it.
                LogLater(failure.GetType().Name);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A rotation of data keys could not go on ({Failure}); it is tried again")]
    private partial void LogLater(string failure);
}
