using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Budgets;

/// <summary>
/// Turns the books: everything that waits goes into one transaction, what comes meanwhile into the next. So many calls share one round trip, and none waits longer than two turns.
/// It also says that this process lives, and buries those that do not.
/// </summary>
internal sealed partial class BudgetCommitter : BackgroundService
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CallQueue queue = new();
    private readonly ConcurrentDictionary<string, byte> tenants = new(StringComparer.Ordinal);
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IBudgetBooks books;
    private readonly BudgetTelemetry telemetry;
    private readonly IOptions<BudgetsOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<BudgetCommitter> log;

    public BudgetCommitter(IBudgetBooks books, BudgetTelemetry telemetry, IOptions<BudgetsOptions> options, TimeProvider time, ILogger<BudgetCommitter> log)
    {
        (this.books, this.telemetry, this.options, this.time, this.log) = (books, telemetry, options, time, log);
        Holder = $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}-{Guid.CreateVersion7(time.GetUtcNow()):N}";
        queue.Overflowed += telemetry.Lost;
    }

    /// <summary>Names this process to the others; no two are the same.</summary>
    public string Holder { get; }

    /// <summary>Waits for the verdict on a call. When the caller gives up, what was set aside is released.</summary>
    public async Task<CallVerdict> StartAsync(CallRecord call, CancellationToken cancellation)
    {
        var waiting = new WaitingCall(call);
        await using var left = cancellation.Register(() => waiting.Verdict.TrySetCanceled(cancellation)).ConfigureAwait(false);
        if (!queue.TryAdd(waiting))
        {
            throw new OperationCanceledException("The process is stopping.");
        }

        wake.Writer.TryWrite(true);
        return await waiting.Verdict.Task.ConfigureAwait(false);
    }

    /// <summary>Takes a call that ended. One that only goes into the ledger waits for company, at most <see cref="Gathering"/>.</summary>
    public void End(CallEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (queue.Add([end]) || end.Reserved)
        {
            wake.Writer.TryWrite(true);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        queue.Close();
        try
        {
            while (await TurnAsync(cancellationToken))
            {
                // One turn after the other until nothing waits.
            }

            await books.LeaveAsync(Holder, [.. tenants.Keys], cancellationToken);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            // Another process settles what was set aside; the rows of calls no budget counts are gone.
            LogLeftOpen(queue.Ended, e);
            telemetry.Lost(queue.Ended);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TurnForeverAsync(stoppingToken), GatherForeverAsync(stoppingToken), BeatForeverAsync(stoppingToken));

    private async Task GatherForeverAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Gathering, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                wake.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The last of them are written when the process stops.
        }
    }

    private async Task TurnForeverAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await wake.Reader.ReadAsync(stopping);
                while (await TurnAsync(stopping))
                {
                    // Whatever came meanwhile is the next turn.
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Those who waited were told; what ended stays queued and is tried again.
                LogTurnFailed(queue.Ended, e);
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wake.Writer.TryWrite(true);
            }
        }
    }

    private async Task BeatForeverAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stopping);
                if (!tenants.IsEmpty)
                {
                    await books.BeatAsync(Holder, [.. tenants.Keys], stopping);
                }

                if (await books.ReclaimAsync(options.Value.DeadAfter, stopping) is > 0 and var dead)
                {
                    telemetry.Reclaimed(dead);
                    LogReclaimed(dead, options.Value.DeadAfter);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogBeatFailed(e);
            }
        }
    }

    /// <summary>One turn; false when nothing waits.</summary>
    private async Task<bool> TurnAsync(CancellationToken cancellation)
    {
        var (beginning, ending) = queue.Take();
        if (beginning.Count == 0 && ending.Count == 0)
        {
            return false;
        }

        try
        {
            await TurnAsync(beginning, ending, cancellation);
        }
        catch (DbException e) when (IsAboutARow(e))
        {
            // One of them cannot be kept: each alone, so that the others are.
            await OneByOneAsync(beginning, ending, cancellation);
        }
        catch (Exception e)
        {
            Undo(beginning, ending, e);
            throw;
        }

        return true;
    }

    private async Task OneByOneAsync(List<WaitingCall> beginning, List<CallEnd> ending, CancellationToken cancellation)
    {
        var turns = ending.Select(static end => (Start: (WaitingCall?)null, End: (CallEnd?)end)).Concat(beginning.Select(static start => ((WaitingCall?)start, (CallEnd?)null)));
        foreach (var (start, end) in turns)
        {
            List<WaitingCall> starts = start is null ? [] : [start];
            List<CallEnd> ends = end is null ? [] : [end];
            try
            {
                await TurnAsync(starts, ends, cancellation);
            }
            catch (DbException e) when (end is not null && IsAboutARow(e))
            {
                telemetry.Lost(1);
                LogRefused(end.Id, e);
            }
            catch (Exception e)
            {
                Undo(starts, ends, e);
            }
        }
    }

    /// <summary>Tells who waits, and keeps what ended. Whether a failed turn was committed is not always known: a call that may have been set aside is ended in a later one.</summary>
    private void Undo(List<WaitingCall> beginning, List<CallEnd> ending, Exception failure)
    {
        foreach (var waiting in beginning)
        {
            waiting.Verdict.TrySetException(failure);
        }

        queue.Add([.. ending, .. beginning.Select(static waiting => new CallEnd(waiting.Call.Id, waiting.Call.Scope.Tenant, true, null))], first: true);
    }

    private async Task TurnAsync(List<WaitingCall> beginning, List<CallEnd> ending, CancellationToken cancellation)
    {
        foreach (var tenant in beginning.Select(static waiting => waiting.Call.Scope.Tenant).Concat(ending.Where(static end => end.Reserved).Select(static end => end.Tenant)))
        {
            tenants.TryAdd(tenant, 0);
        }

        var started = time.GetTimestamp();
        var result = await books.TurnAsync(Holder, ending, [.. beginning.Select(static waiting => waiting.Call)], cancellation);
        telemetry.Turned(time.GetElapsedTime(started));
        foreach (var waiting in beginning)
        {
            Tell(waiting, result.Verdicts[waiting.Call.Id]);
        }

        foreach (var warning in result.Warnings)
        {
            telemetry.Warned(warning.Scope);
            LogWarning(warning.BudgetId, warning.Scope, warning.LimitUsd);
        }

        if (result.Overruns > 0)
        {
            telemetry.Overran(result.Overruns);
            LogOverrun(result.Overruns);
        }
    }

    private void Tell(WaitingCall waiting, CallVerdict verdict)
    {
        if (verdict is { Refusal: not null, Contended: true } && !waiting.Again)
        {
            waiting.Again = true;
            if (!queue.TryAdd(waiting))
            {
                waiting.Verdict.TrySetResult(verdict);
            }
        }
        else if (!waiting.Verdict.TrySetResult(verdict) && verdict.Reserved)
        {
            End(new CallEnd(waiting.Call.Id, waiting.Call.Scope.Tenant, true, null));
        }
    }

    /// <summary>Classes 22 (data) and 23 (constraint): trying again would fail again.</summary>
    private static bool IsAboutARow(DbException e) =>
        e.SqlState is { } state && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal));

    [LoggerMessage(LogLevel.Warning, "Budget {BudgetId} ({Scope}, {LimitUsd} USD) reached its warning share")]
    private partial void LogWarning(string budgetId, string scope, decimal limitUsd);

    [LoggerMessage(LogLevel.Error, "{Calls} calls cost more than the most they were asked for: their provider does not keep to the token limit, or its prices are not those configured")]
    private partial void LogOverrun(int calls);

    [LoggerMessage(LogLevel.Warning, "{Holders} processes were silent for {Silence}; their calls under way were settled at the most they can have cost")]
    private partial void LogReclaimed(int holders, TimeSpan silence);

    [LoggerMessage(LogLevel.Warning, "A turn of the budgets' books failed; {Waiting} ended calls wait to be settled")]
    private partial void LogTurnFailed(int waiting, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The budgets' heartbeat failed; it is tried again")]
    private partial void LogBeatFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "The database cannot keep the ended call {CallId}; what was set aside for it stays so")]
    private partial void LogRefused(Guid callId, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Waiting} ended calls could not be settled before the shutdown's time was over; another process settles what was set aside for them")]
    private partial void LogLeftOpen(int waiting, Exception exception);
}
