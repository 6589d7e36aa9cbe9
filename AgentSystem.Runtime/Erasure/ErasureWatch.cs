using System.Data.Common;
using AgentSystem.Runtime.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Erasure;

/// <summary>Lets this process's index go of users that another process has erased.</summary>
internal sealed partial class ErasureWatch(IErasureStore store, ErasureSigner signer, IMemoryIndex index, TimeProvider time, ILogger<ErasureWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private ulong seen;

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        var (erased, next) = await store.SinceAsync(seen, cancellation);
        var subjects = erased.ToHashSet();
        foreach (var (tenant, user) in index.Holders.Where(holder => subjects.Contains((holder.Tenant, signer.Subject(holder.Tenant, holder.User)))))
        {
            await index.ForgetAsync(tenant, user, cancellation);
        }

        seen = next;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Interval, time);
        while (true)
        {
            try
            {
                await tick.WaitForNextTickAsync(stoppingToken);
                await LookAsync(stoppingToken);
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

    [LoggerMessage(LogLevel.Warning, "It could not be seen whom other processes have erased; the next look follows")]
    private partial void LogSkipped(Exception exception);
}
