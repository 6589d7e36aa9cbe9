using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Writes what was noted within <see cref="Delay"/>, and at the end of the process that it ended in order.</summary>
internal sealed partial class AuditWriter : BackgroundService
{
    /// <summary>How long a note waits for others.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ChainedAuditLog audit;
    private readonly TimeProvider time;
    private readonly ILogger<AuditWriter> log;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public AuditWriter(ChainedAuditLog audit, TimeProvider time, ILogger<AuditWriter> log)
    {
        (this.audit, this.time, this.log) = (audit, time, log);
        audit.Noted += () => wake.Writer.TryWrite(true);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await audit.EndAsync(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogUnfinished(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!audit.HasNotes)
                {
                    await wake.Reader.ReadAsync(stoppingToken);
                }

                await Task.Delay(Delay, time, stoppingToken);
                await audit.FlushAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is: the notes wait, bounded, and are tried again.
                LogRetry(exception);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Audit entries could not be written; they are tried again")]
    private partial void LogRetry(Exception exception);

    [LoggerMessage(LogLevel.Error, "The audit log could not be ended in order: what was noted last is lost")]
    private partial void LogUnfinished(Exception exception);
}
