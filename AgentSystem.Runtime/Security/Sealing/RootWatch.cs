using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Looks the root secrets up in processes that start before their database answers.</summary>
internal sealed partial class RootWatch(RootSecrets root, TimeProvider time, ILogger<RootWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await root.EnsureAsync(stoppingToken) is not { } problem)
                {
                    return;
                }

                if (!told)
                {
                    told = true;
                    LogOther(problem);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away) when (away is DbException or TimeoutException or IOException)
            {
                LogAway(away.GetType().Name);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Critical, "Nothing that is sealed can be read: {Problem}")]
    private partial void LogOther(string problem);

    [LoggerMessage(LogLevel.Debug, "The root secrets cannot be looked up yet ({Failure})")]
    private partial void LogAway(string failure);
}
