using System.Threading.Channels;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>
/// Carries queued facts to Postgres in batches: after <see cref="FlushInterval"/>, or as soon as <see cref="BatchSize"/> wait.
/// While Postgres does not answer they stay queued; on shutdown the rest is written before the host ends.
/// </summary>
internal sealed partial class FactWriter : BackgroundService
{
    /// <summary>Longest a fact waits while the database answers.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Rows in one transaction.</summary>
    public const int BatchSize = 500;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly FactQueue queue;
    private readonly RuntimeDatabase database;
    private readonly FactPartitions partitions;
    private readonly FactTelemetry telemetry;
    private readonly TimeProvider time;
    private readonly ILogger<FactWriter> log;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public FactWriter(FactQueue queue, RuntimeDatabase database, FactPartitions partitions, FactTelemetry telemetry, TimeProvider time, ILogger<FactWriter> log)
    {
        (this.queue, this.database, this.partitions, this.telemetry, this.time, this.log) = (queue, database, partitions, telemetry, time, log);
        queue.Added += waiting =>
        {
            // The first wakes the writer, the one that fills a batch ends its wait.
            if (waiting is 1 or BatchSize)
            {
                wake.Writer.TryWrite(true);
            }
        };
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            while (await WriteBatchAsync(cancellationToken))
            {
                // One batch after the other until nothing waits.
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
        {
            var lost = queue.Count;
            telemetry.Dropped(lost, "shutdown");
            LogLost(lost, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await partitions.EnsureAsync(stoppingToken);
                while (await WriteBatchAsync(stoppingToken))
                {
                    pause = FirstPause;
                }

                await wake.Reader.ReadAsync(stoppingToken);
                await WaitForMoreAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, answers do not wait for it: the facts stay queued, bounded, and are tried again.
                LogRetry(queue.Count, pause, exception);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task WaitForMoreAsync(CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Task.Delay(FlushInterval, time, enough.Token), wake.Reader.WaitToReadAsync(enough.Token).AsTask());
        await enough.CancelAsync();
    }

    /// <summary>Writes one batch; false when nothing waits. What could not be written is queued again.</summary>
    private async Task<bool> WriteBatchAsync(CancellationToken cancellation)
    {
        var batch = queue.Take(BatchSize);
        if (batch.Count == 0)
        {
            return false;
        }

        try
        {
            await WriteAsync(batch, cancellation);
            return true;
        }
        catch
        {
            queue.Return(batch);
            throw;
        }
    }

    private async Task WriteAsync(IReadOnlyList<QueuedFact> batch, CancellationToken cancellation)
    {
        try
        {
            await using var session = await database.OpenBatchAsync([.. batch.Select(fact => fact.Fact.Tenant).Distinct()], cancellation);
            await using var insert = FactRows.Insert(session, batch);
            await insert.ExecuteNonQueryAsync(cancellation);
            await session.CommitAsync(cancellation);
        }
        catch (PostgresException refusal) when (IsAboutARow(refusal))
        {
            if (batch.Count > 1)
            {
                // Halves until the row that cannot be kept stands alone; the others are written. Repeating a half is harmless.
                await WriteAsync([.. batch.Take(batch.Count / 2)], cancellation);
                await WriteAsync([.. batch.Skip(batch.Count / 2)], cancellation);
                return;
            }

            telemetry.Dropped(1, "refused");
            LogRefused(batch[0].Fact.GetType().Name, refusal.SqlState);
            queue.Done(batch);
            return;
        }

        telemetry.Written(batch.Count);
        queue.Done(batch);
    }

    /// <summary>Classes 22 (data) and 23 (constraint): trying again would fail again.</summary>
    private static bool IsAboutARow(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Warning, "Facts could not be written; {Waiting} wait, next try in {Pause}")]
    private partial void LogRetry(int waiting, TimeSpan pause, Exception exception);

    [LoggerMessage(LogLevel.Error, "A fact of type {Type} was dropped: the database cannot keep it (SQL state {SqlState})")]
    private partial void LogRefused(string type, string sqlState);

    [LoggerMessage(LogLevel.Error, "{Lost} facts were lost: the database did not take them before the shutdown's time was over")]
    private partial void LogLost(int lost, Exception exception);
}
