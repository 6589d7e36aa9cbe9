using System.Threading.Channels;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>Applies accepted changes soon after they came, those of processes that died too, and clears what has been kept long enough.</summary>
internal sealed partial class SessionProjector(SessionCatchUp catchUp, RuntimeDatabase database, SessionRules rules, TimeProvider time, ILogger<SessionProjector> log) : BackgroundService
{
    /// <summary>How long a change of a process that died waits at most, while the database answers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenClearings = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private DateTimeOffset nextClearing;

    /// <summary>Something was accepted.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await catchUp.ApplyAsync(await catchUp.WaitingAsync(stoppingToken), stoppingToken);
                await ClearAsync(stoppingToken);
                pause = Interval;
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, the changes stay in the outbox and are tried again.
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                LogRetry(pause, exception);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Task.Delay(Interval, time, enough.Token), wake.Reader.WaitToReadAsync(enough.Token).AsTask());
        await enough.CancelAsync();
        wake.Reader.TryRead(out _);
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task ClearAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now < nextClearing)
        {
            return;
        }

        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var clear = session.Command("SELECT agentsystem.clear_session_requests($1)", now - TimeSpan.FromHours(rules.Options.KeepHours));
        await clear.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        nextClearing = now + BetweenClearings;
    }

    [LoggerMessage(LogLevel.Warning, "Accepted updates of sessions could not be applied; next try in {Pause}")]
    private partial void LogRetry(TimeSpan pause, Exception exception);
}
