using System.Text;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Runs;

/// <summary>
/// The journal of one execution: what earlier executions recorded is given back in its order, everything new is recorded before the loop goes on.
/// A step's result is recorded together with the beginning of the next step, in one write: what the loop does in between has no effect on the world, and no call is made before that write is kept.
/// Whoever ends the execution calls <see cref="FlushAsync"/> first. When the execution must stop, <see cref="Token"/> is cancelled first, so that nobody above takes the exception for a fault of a tool or a model.
/// Used by one loop, one step after the other.
/// </summary>
/// <param name="held">The run.</param>
/// <param name="recorded">Its steps so far.</param>
/// <param name="log">Where new ones go.</param>
/// <param name="time">Paces the pieces of answers that are told.</param>
/// <param name="handBack">Asks to stop at the next border between steps.</param>
/// <param name="lost">The run is somebody else's, or the process ends now.</param>
public sealed class RunJournal(HeldRun held, IEnumerable<RunStep> recorded, IRunLog log, TimeProvider time, CancellationToken handBack, CancellationToken lost) : IDisposable
{
    /// <summary>Longest a piece of an answer waits to be told together with the next.</summary>
    public static readonly TimeSpan DeltaPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest the answer to a write may have been on its way for a call to be made on it that must not happen twice.</summary>
    public static readonly TimeSpan FreshAnswer = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, RunStep> steps = recorded.ToDictionary(static step => step.Key, StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(lost);
    private readonly StringBuilder said = new();
    private StepEnd? ended;
    private (int AgentVersion, int ThreadMessages)? start;
    private long saidAt;
    private int model = -1;
    private int answering;

    /// <summary>The run, as it was claimed.</summary>
    public HeldRun Held => held;

    /// <summary>Cancelled when the execution must stop; <see cref="Stopped"/> says why.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Why it must stop; null while it need not.</summary>
    public RunStop? Stopped { get; private set; }

    /// <summary>The store's exception where <see cref="Stopped"/> is <see cref="RunStop.StoreFailed"/>.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>True once this execution recorded something: it made progress.</summary>
    public bool Progressed { get; private set; }

    /// <summary>True while a recorded answer is given back: what it says has been told.</summary>
    public bool IsReplaying { get; set; }

    /// <summary>Fixes what the run is executed with, the first time.</summary>
    public async ValueTask StartAsync(int agentVersion, int threadMessages, CancellationToken cancellation)
    {
        if (held.Run.AgentVersion is null)
        {
            start = (agentVersion, threadMessages);
            Hold(await TryAsync(() => log.StartAsync(held.Lease, agentVersion, threadMessages, cancellation)).ConfigureAwait(false));
        }
    }

    /// <summary>The next model call begins: gives its recorded answer, or null when it must be asked; then <see cref="AnsweredAsync"/> follows.</summary>
    public async ValueTask<ChatResponse?> AskAsync(string name, CancellationToken cancellation)
    {
        var key = StepKeys.Model(++model);
        if (steps.TryGetValue(key, out var step) && step is { Status: StepStatus.Done, Result: { } result })
        {
            answering = step.Index;
            return StepMessages.Read(result);
        }

        await BorderAsync().ConfigureAwait(false);
        answering = await BeginAsync(new StepBegin(key, StepKind.Model, name), cancellation).ConfigureAwait(false);
        return null;
    }

    /// <summary>The answer to the model call that was begun last; it is recorded with what comes next.</summary>
    public async ValueTask AnsweredAsync(ChatResponse answer, string? by, (long Input, long Output, decimal Usd) spent)
    {
        await FlushAsync().ConfigureAwait(false);
        ended = new StepEnd(answering, StepMessages.Write(answer), Take(), by, spent.Input, spent.Output, spent.Usd);
    }

    /// <summary>
    /// Records the result that was to be recorded with the next step's beginning: there is none, or not now. Does nothing where no result waits.
    /// Nothing cuts the write off: given up half way, nobody would know whether the result is kept.
    /// </summary>
    public async ValueTask FlushAsync()
    {
        if (ended is { } end)
        {
            ended = null;
            Hold(await TryAsync(() => log.EndAsync(held.Lease, end, CancellationToken.None)).ConfigureAwait(false));
            Progressed = true;
        }
    }

    /// <summary>A piece of the answer, told with the next ones.</summary>
    public async ValueTask SayAsync(string text, CancellationToken cancellation)
    {
        if (said.Length == 0)
        {
            saidAt = time.GetTimestamp();
        }

        said.Append(text);
        if (time.GetElapsedTime(saidAt) >= DeltaPause)
        {
            await TellAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Tells what was said and not told yet.</summary>
    public async ValueTask TellAsync(CancellationToken cancellation)
    {
        await FlushAsync().ConfigureAwait(false);
        if (Take() is { Length: > 0 } text)
        {
            Hold(await TryAsync(() => log.DeltaAsync(held.Lease, answering, text, cancellation)).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// One tool call of the last answer, under the rules of its effect class. Gives the recorded result, or makes the call and records it; stops the execution where a person must decide first.
    /// </summary>
    /// <param name="place">Its place in the answer, from 0.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="effect">Its effect class.</param>
    /// <param name="arguments">The exact arguments as a JSON object.</param>
    /// <param name="call">Makes the call; gets its deterministic id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<string> CallAsync(
        int place, string tool, ToolEffect effect, string arguments, Func<string, CancellationToken, ValueTask<string>> call, CancellationToken cancellation)
    {
        var key = StepKeys.Tool(model, place);
        var entry = new ToolCallEntry(RunIds.Call(held.Run.Id, model, place), effect, arguments, ToolArguments.Hash(tool, arguments));
        var begin = new StepBegin(key, StepKind.Tool, tool, entry);
        var step = steps.GetValueOrDefault(key);
        if (step is { Status: StepStatus.Done, Result: { } result })
        {
            return result;
        }

        await BorderAsync().ConfigureAwait(false);
        switch (EffectRules.Next(effect, step, entry.ArgumentsHash))
        {
            case CallMove.AskFirst:
                await WaitAsync(begin, unknown: false, cancellation).ConfigureAwait(false);
                break;
            case CallMove.AskWhether:
                await WaitAsync(begin, unknown: true, cancellation).ConfigureAwait(false);
                break;
            case CallMove.Refuse:
                return await RecordAsync(step!.Index, EffectRules.Refusal(step)).ConfigureAwait(false);
            default:
                break;
        }

        var sent = time.GetTimestamp();
        var index = await BeginAsync(begin, cancellation).ConfigureAwait(false);
        await AssureAsync(effect, sent, cancellation).ConfigureAwait(false);
        return await RecordAsync(index, await MakeAsync(begin, call, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private async ValueTask<string> MakeAsync(StepBegin begin, Func<string, CancellationToken, ValueTask<string>> call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ThreadLimits.Storable(await call(begin.Call!.Id, cancellation).ConfigureAwait(false));
            }
            catch (Exception) when (!cancellation.IsCancellationRequested)
            {
                // An exception is a fault: whether the call had its effect is not known.
                if (!EffectRules.MayRepeat(begin.Call!.Effect))
                {
                    await WaitAsync(begin, unknown: true, cancellation).ConfigureAwait(false);
                }

                if (attempt >= EffectRules.Tries)
                {
                    return EffectRules.Fault;
                }
            }
        }
    }

    private async ValueTask<string> RecordAsync(int index, string result)
    {
        await FlushAsync().ConfigureAwait(false);
        ended = new StepEnd(index, result);
        return result;
    }

    /// <summary>The next step begins, and the last one has its result, in one write.</summary>
    private async ValueTask<int> BeginAsync(StepBegin begin, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var end = ended;
        ended = null;
        var index = await TryAsync(() => end is null ? log.BeginAsync(held.Lease, begin, cancellation) : log.AdvanceAsync(held.Lease, end, begin, cancellation)).ConfigureAwait(false);
        Hold(index is not null);
        Progressed |= end is not null;
        return index!.Value;
    }

    /// <summary>
    /// The beginning is kept, but its answer may have been on its way for long, over a network that was cut: the lease may have ended meanwhile, and somebody may have decided about this very call.
    /// So it is asked again, with a write that changes nothing, until an answer is fresh or says that the run is somebody else's.
    /// </summary>
    private async ValueTask AssureAsync(ToolEffect effect, long sent, CancellationToken cancellation)
    {
        var (version, messages) = start ?? (held.Run.AgentVersion ?? 0, held.ThreadMessages ?? 0);
        while (!EffectRules.MayRepeat(effect) && time.GetElapsedTime(sent) > FreshAnswer)
        {
            sent = time.GetTimestamp();
            Hold(await TryAsync(() => log.StartAsync(held.Lease, version, messages, cancellation)).ConfigureAwait(false));
        }
    }

    private async ValueTask WaitAsync(StepBegin call, bool unknown, CancellationToken cancellation)
    {
        await FlushAsync().ConfigureAwait(false);
        Hold(await TryAsync(() => log.WaitAsync(held.Lease, call, unknown, cancellation)).ConfigureAwait(false));
        Stop(RunStop.Waits);
    }

    /// <summary>Between two steps the run can be handed back without losing anything.</summary>
    private async ValueTask BorderAsync()
    {
        if (handBack.IsCancellationRequested)
        {
            await FlushAsync().ConfigureAwait(false);
            Stop(RunStop.HandedBack);
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e;
            Stop(RunStop.StoreFailed);
            throw;
        }
    }

    private void Hold(bool held)
    {
        if (!held)
        {
            Stop(RunStop.Lost);
        }
    }

    private void Stop(RunStop why)
    {
        Stopped ??= why;
        stop.Cancel();
        throw new OperationCanceledException(stop.Token);
    }

    /// <summary>What was said, whole characters only: the halves of a surrogate pair can come in two pieces.</summary>
    private string Take()
    {
        var half = said.Length > 0 && char.IsHighSurrogate(said[^1]) ? 1 : 0;
        var text = said.ToString(0, said.Length - half);
        said.Remove(0, text.Length);
        return ThreadLimits.Storable(text);
    }
}

/// <summary>Why an execution stops before the run's end.</summary>
public enum RunStop
{
    /// <summary>Somebody else has the run, or it was cancelled: nothing more may be written.</summary>
    Lost,

    /// <summary>A person must decide; that is recorded.</summary>
    Waits,

    /// <summary>The process ends: the run goes back into the queue.</summary>
    HandedBack,

    /// <summary>The journal could not be written.</summary>
    StoreFailed,
}
