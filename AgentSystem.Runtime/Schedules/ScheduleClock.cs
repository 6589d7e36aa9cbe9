using AgentSystem.Runtime.Pipeline;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Schedules;

/// <summary>
/// Starts runs whose time has come. A tick has one run id, whoever starts it, and is gone on from only once: of several processes at most one run comes,
/// and a process that dies between the two is made up for by the next one.
/// </summary>
internal sealed partial class ScheduleClock(IScheduleStore schedules, RunIntake intake, IOptions<ScheduleOptions> options, TimeProvider time, ILogger<ScheduleClock> log) : BackgroundService
{
    /// <summary>How late a run may start because of us.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private const int AtOnce = 50;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Starts what is due; gives how many ticks it went on from.</summary>
    public async Task<int> TickAsync(CancellationToken cancellation)
    {
        var went = 0;
        foreach (var due in await schedules.DueAsync(time.GetUtcNow(), AtOnce, cancellation))
        {
            went += await StartAsync(due, cancellation) ? 1 : 0;
        }

        return went;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Poll;
        while (options.Value.Enabled && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TickAsync(stoppingToken);
                pause = Poll;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing is lost by it: what is due stays due.
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                LogFailed(pause, exception);
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> StartAsync(DueSchedule due, CancellationToken cancellation)
    {
        // After now and not after the tick: ticks that passed while nobody was there are one run, not many.
        var next = ScheduleTimes.Next(due.Cron, time.GetUtcNow());
        if (!due.KeyHolds)
        {
            return await schedules.AdvanceAsync(due, new TickOutcome(null, "The key it was made with was revoked or has expired; make the schedule anew with another.", null, Disable: true), cancellation);
        }

        var run = due.Run;
        var (started, failure) = await intake.SubmitAsync(
            new RunOrder(run.Caller, run.Agent, run.Input, run.AskedUser, run.ThreadId, run.OnConflict, run.BudgetUsd, run.Webhook, ScheduleId: due.Id, Id: ScheduleTimes.RunId(due.Id, due.Tick)), cancellation);
        if (failure is not null)
        {
            LogRefused(due.Id, due.Tenant, failure.Code);
        }

        return await schedules.AdvanceAsync(due, new TickOutcome(started?.Id, failure?.Message, next), cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Scheduled runs could not be started; next try in {Pause}")]
    private partial void LogFailed(TimeSpan pause, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Schedule {Id} of tenant {Tenant} could not start its run ({Code}); it goes on at its next time")]
    private partial void LogRefused(string id, string tenant, string code);
}
