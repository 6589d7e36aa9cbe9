using System.Collections.Concurrent;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>
/// Claims queued runs and executes them, at most <see cref="RunOptions.Concurrency"/> at once, and keeps their leases alive. At the end of the process
/// it takes no more, lets what runs come to the next border between steps, and hands it back.
/// </summary>
internal sealed partial class RunWorker(
    IRunQueue queue, IRunSignals signals, RunExecutor executor, InstanceTable instances, IOptions<RunOptions> options, TimeProvider time, ILogger<RunWorker> log) : BackgroundService
{
    /// <summary>How long runs may take to come to a border at the end of the process; within the hosts' own time to stop.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RunLease, Execution> running = new();
    private readonly RunPlaces places = new(options.Value.Concurrency, time);
    private readonly CancellationTokenSource handBack = new();
    private bool more;

    /// <summary>Runs under way.</summary>
    public int UnderWay => running.Count;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await handBack.CancelAsync();
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(DrainTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var all = Task.WhenAll(running.Values.Select(static execution => execution.Ended));
        await Task.WhenAny(all, Task.Delay(Timeout.InfiniteTimeSpan, either.Token));
        foreach (var execution in running.Values)
        {
            await execution.StopAsync();
        }

        await all;
    }

    public override void Dispose()
    {
        handBack.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Concurrency == 0)
        {
            return;
        }

        signals.Stopped += OnStopped;
        try
        {
            await Task.WhenAll(RepeatAsync(ClaimAsync, stoppingToken), RepeatAsync(RenewAsync, stoppingToken));
        }
        finally
        {
            signals.Stopped -= OnStopped;
        }
    }

    private void OnStopped(string runId)
    {
        foreach (var (lease, execution) in running)
        {
            if (lease.RunId == runId)
            {
                _ = execution.StopAsync();
            }
        }
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database is away: what runs goes on as far as it can, and everything is in the rows.
                LogAway(e);
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits for a free place, then for work; takes as much as there are places.</summary>
    private async Task ClaimAsync(CancellationToken stopping)
    {
        var free = await places.TakeAsync(more, stopping);
        var taken = 0;
        try
        {
            IReadOnlyList<HeldRun> claimed = instances.Local.IsDraining
                ? []
                : await queue.ClaimAsync(instances.Local.Name, free, options.Value.Lease, options.Value.MaxAttempts, stopping);
            foreach (var held in claimed)
            {
                Start(held);
                taken++;
            }
        }
        finally
        {
            places.Free(free - taken);
        }

        more = taken == free;
        if (!more)
        {
            await signals.WorkAsync(options.Value.Poll, stopping);
        }
    }

    private void Start(HeldRun held)
    {
        var execution = new Execution();
        running[held.Lease] = execution;
        _ = Task.Run(() => ExecuteAsync(held, execution));
    }

    private async Task ExecuteAsync(HeldRun held, Execution execution)
    {
        try
        {
            await executor.ExecuteAsync(held, handBack.Token, execution.Lost.Token);
        }
        finally
        {
            running.TryRemove(held.Lease, out _);
            places.Free(1);
            execution.End();
        }
    }

    /// <summary>A third of the lease passes, then everything held is renewed in one statement; what is not held any more is stopped.</summary>
    private async Task RenewAsync(CancellationToken stopping)
    {
        await Task.Delay(options.Value.Lease / 3, time, stopping);
        RunLease[] held = [.. running.Keys];
        if (held.Length == 0)
        {
            return;
        }

        var still = await queue.RenewAsync(held, options.Value.Lease, stopping);
        foreach (var lease in held.Except(still))
        {
            if (running.TryGetValue(lease, out var execution))
            {
                await execution.StopAsync();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The queue of runs does not answer; trying again")]
    private partial void LogAway(Exception exception);

    private sealed class Execution
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Never disposed: it has no timer, and whoever stops the run may come later than its end.
        public CancellationTokenSource Lost { get; } = new();

        public Task Ended => ended.Task;

        public Task StopAsync() => Lost.CancelAsync();

        public void End() => ended.TrySetResult();
    }
}
