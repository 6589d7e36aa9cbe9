using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Routing;

/// <summary>Says every <see cref="RoutingOptions.Heartbeat"/> how this process stands, and does what was decided about it in another one.</summary>
internal sealed partial class InstanceHeart(InstanceTable instances, IInstanceRegistry registry, IOptions<RoutingOptions> options, TimeProvider time, ILogger<InstanceHeart> log) : BackgroundService
{
    /// <summary>A database that does not answer must not keep a process from ending.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>One beat.</summary>
    internal async Task BeatAsync(CancellationToken cancellation)
    {
        var local = instances.Local;
        local.Obey(await registry.BeatAsync(new InstanceReport(local.Name, local.Slots, local.InUse, local.Waiting, local.IsDraining), cancellation));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(Farewell, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await registry.LeaveAsync(instances.Local.Name, either.Token);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            // It is no longer shown when it has been silent for long enough.
            LogSilent(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(options.Value.Heartbeat, time);
        var joined = false;
        do
        {
            try
            {
                if (!joined)
                {
                    // A process of this name that was killed may have left a row, and what was decided about it is not about this one.
                    await registry.LeaveAsync(instances.Local.Name, stoppingToken);
                    joined = true;
                }

                await BeatAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException)
            {
                LogSilent(e);
            }
        }
        while (await NextAsync(tick, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer tick, CancellationToken stopping)
    {
        try
        {
            return await tick.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "This instance could not be registered; other processes do not show it until the next heartbeat")]
    private partial void LogSilent(Exception exception);
}
