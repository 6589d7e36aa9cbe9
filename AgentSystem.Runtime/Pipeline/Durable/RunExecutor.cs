using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>Executes a claimed run: the same pipeline and the same loop as a chat call, with a journal. What the execution comes to is written under the run's lease.</summary>
internal sealed partial class RunExecutor(ChatPipeline pipeline, IRunLog log, ResponseRuns responses, IOptions<RunOptions> options, TimeProvider time, ILogger<RunExecutor> logger)
{
    private const string Endpoint = "runs";
    private const string NamedUser = "user:";
    private static readonly RunError KeyRevoked = new("key_revoked", "The key that began the run was revoked or has expired; begin the run again with another key.");
    private static readonly RunError NoResponse = new("response_ended", "The background response of this run has ended or is gone; send the request again for another one.");
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Executes the run until it ends, waits, or must be given up.</summary>
    /// <param name="held">The run.</param>
    /// <param name="handBack">Asks to give it up at the next border between steps.</param>
    /// <param name="lost">The lease is gone, or there is no time left for the border.</param>
    public async Task ExecuteAsync(HeldRun held, CancellationToken handBack, CancellationToken lost)
    {
        try
        {
            if (!held.KeyHolds)
            {
                await log.FinishAsync(held.Lease, new RunEnd(RunStatus.Error, null, KeyRevoked), lost).ConfigureAwait(false);
                return;
            }

            using var response = ResponseRuns.Makes(held.Run) ? await responses.TakeAsync(held, lost).ConfigureAwait(false) : null;
            if (response is null && ResponseRuns.Makes(held.Run))
            {
                await log.FinishAsync(held.Lease, new RunEnd(RunStatus.Error, null, NoResponse), lost).ConfigureAwait(false);
                return;
            }

            var steps = await log.ReadAsync(held.Lease, lost).ConfigureAwait(false);
            using var journal = new RunJournal(held, steps, log, time, handBack, lost);
            await ConductAsync(held, journal, response, handBack, lost).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await GiveBackAsync(held, handBack).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The lease ends by itself, and the run goes on from its last step.
            LogBroken(e, held.Run.Id);
        }
    }

    private async Task ConductAsync(HeldRun held, RunJournal journal, ResponseRun? response, CancellationToken handBack, CancellationToken lost)
    {
        try
        {
            var result = await pipeline.RunAsync(response?.Call(journal) ?? Call(held, journal), response ?? (IAnswerSink)new RunSink(journal), journal.Token).ConfigureAwait(false);
            await FlushAsync(journal).ConfigureAwait(false);
            if (journal.Stopped == RunStop.Waits)
            {
                response?.Waits();
            }

            if (await SettleAsync(held, journal, result, handBack).ConfigureAwait(false) is { } end && (response is null || await response.EndAsync(result, lost).ConfigureAwait(false)))
            {
                await log.FinishAsync(held.Lease, response is null ? end : end with { Dead = false }, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch
        {
            await FlushAsync(journal).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What was done last is recorded, however the execution ended. Where that fails, <see cref="RunJournal.Stopped"/> says why.</summary>
    private static async Task FlushAsync(RunJournal journal)
    {
        try
        {
            await journal.FlushAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (journal.Stopped is not null)
        {
            // Settled as what it was stopped for.
        }
    }

    private ChatCall Call(HeldRun held, RunJournal journal)
    {
        var run = held.Run;
        var user = run.User.StartsWith(NamedUser, StringComparison.Ordinal) ? run.User[NamedUser.Length..] : null;
        return new ChatCall(
            run.Id, Endpoint, held.Caller, run.Agent, [new ChatMessage(ChatRole.User, run.Input)], new ChatOptions(), user, Streamed: true, time.GetTimestamp(), run.ThreadId) { Journal = journal };
    }

    /// <summary>How the run ends; null when it does not, and what is done with it instead is done.</summary>
    private async Task<RunEnd?> SettleAsync(HeldRun held, RunJournal journal, RunResult result, CancellationToken handBack)
    {
        switch (journal.Stopped)
        {
            case RunStop.Waits:
                LogWaits(held.Run.Id);
                return null;
            case RunStop.Lost:
                LogLost(held.Run.Id);
                return null;
            case RunStop.HandedBack:
                await log.ReleaseAsync(held.Lease, TimeSpan.Zero, counts: false, CancellationToken.None).ConfigureAwait(false);
                return null;
            case RunStop.StoreFailed:
                LogBroken(journal.Failure!, held.Run.Id);
                await log.ReleaseAsync(held.Lease, options.Value.RetryDelay, counts: true, CancellationToken.None).ConfigureAwait(false);
                return null;
            default:
                break;
        }

        if (journal.Token.IsCancellationRequested)
        {
            await GiveBackAsync(held, handBack).ConfigureAwait(false);
            return null;
        }

        if (result.Failure is { } failure)
        {
            return await FailAsync(held, journal, failure, result.Run.Report.Attempts > 0).ConfigureAwait(false);
        }

        // In gate mode the answer is told only now that it has passed.
        await journal.TellAsync(CancellationToken.None).ConfigureAwait(false);
        return new RunEnd(RunStatus.Success, ThreadLimits.Storable(result.Run.Answer!.Text), null, held.Run.ThreadId is null ? null : result.Run.Turn);
    }

    /// <summary>What may be better later is tried again, each time after a longer pause; what reached no model does not count as an attempt.</summary>
    private async Task<RunEnd?> FailAsync(HeldRun held, RunJournal journal, RunFailure failure, bool asked)
    {
        var later = failure.RetryAfter is not null || failure.Status == 500;
        var spared = failure.RetryAfter is not null && !asked;
        var exhausted = later && !spared && !journal.Progressed && held.Run.Attempts >= options.Value.MaxAttempts;
        if (later && !exhausted)
        {
            var pause = Backoff(journal.Progressed ? 1 : held.Run.Attempts);
            await log.ReleaseAsync(held.Lease, failure.RetryAfter > pause ? failure.RetryAfter.Value : pause, counts: !spared, CancellationToken.None).ConfigureAwait(false);
            LogRetry(held.Run.Id, failure.Code, held.Run.Attempts);
            return null;
        }

        var status = failure.Status == 504 && failure.Code == "deadline_exceeded" ? RunStatus.Timeout : RunStatus.Error;
        var error = new RunError(failure.Code, ThreadLimits.Storable(failure.Message));
        return new RunEnd(status, null, error, Dead: exhausted);
    }

    private TimeSpan Backoff(int attempts)
    {
        var factor = Math.Pow(2, Math.Min(attempts, 30) - 1);
        return options.Value.RetryDelay * factor is var pause && pause < LongestDelay ? pause : LongestDelay;
    }

    /// <summary>Cut off in the middle of a step: when the process ends the run goes back; when the lease is gone this changes nothing.</summary>
    private async Task GiveBackAsync(HeldRun held, CancellationToken handBack)
    {
        if (handBack.IsCancellationRequested)
        {
            await log.ReleaseAsync(held.Lease, TimeSpan.Zero, counts: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Run {RunId} waits for a person")]
    private partial void LogWaits(string runId);

    [LoggerMessage(LogLevel.Information, "Run {RunId} is no longer this process's: it was cancelled, or its lease had ended")]
    private partial void LogLost(string runId);

    [LoggerMessage(LogLevel.Information, "Run {RunId} is tried again after {Code} (attempt {Attempt})")]
    private partial void LogRetry(string runId, string code, int attempt);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} could not be executed; it goes on from its last step when its lease has ended")]
    private partial void LogBroken(Exception exception, string runId);
}
