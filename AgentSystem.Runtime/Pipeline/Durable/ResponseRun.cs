using System.Text.Json.Nodes;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>
/// One execution of the run of a background response: tells its events and ends it. What an earlier execution told is not told again. It may be given up at any point;
/// then the response stays open for the next one.
/// </summary>
internal sealed class ResponseRun : IAnswerSink, IDisposable
{
    private const string Endpoint = "responses";

    private readonly HeldRun held;
    private readonly TakenResponse taken;
    private readonly ResponseOrder order;
    private readonly RecordingWriter? recording;
    private readonly IResponseRuns responses;
    private readonly TimeProvider time;
    private readonly ResponseEvents events;
    private readonly ResponseOutput output;
    private readonly List<ReadOnlyMemory<byte>> pending = [];
    private bool ended;

    /// <param name="held">The run.</param>
    /// <param name="taken">The response.</param>
    /// <param name="open">Where its events go and what they say so far; null when it has ended and only the run has not.</param>
    /// <param name="responses">Where it ends.</param>
    /// <param name="time">Says when.</param>
    public ResponseRun(HeldRun held, TakenResponse taken, (RecordingWriter Recording, ToldOutput Told)? open, IResponseRuns responses, TimeProvider time)
    {
        (this.held, this.taken, this.responses, this.time, recording) = (held, taken, responses, time, open?.Recording);
        order = ResponseOrder.Read(taken.Order);
        events = new ResponseEvents(open?.Told.Events ?? 0);
        output = new ResponseOutput((type, members) => pending.Add(events.Frame(type, members)), open?.Told);
        if (open?.Told.Started == false)
        {
            recording!.Append(events.Frame("response.in_progress", taken.Response));
        }
    }

    /// <summary>The call of the pipeline.</summary>
    public ChatCall Call(RunJournal journal) => new(
        order.RequestId, Endpoint, held.Caller, held.Run.Agent, order.Messages, order.Options, order.User, Streamed: true, time.GetTimestamp(), held.Run.ThreadId) { Journal = journal };

    public ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation)
    {
        if (recording is not null)
        {
            output.Take(update.Contents);
            recording.Append(Pending());
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Tells readers that a person must decide about a call, and where.</summary>
    public void Waits()
    {
        recording?.Append(events.Frame("agentsystem:approval_request", new JsonObject { ["run_id"] = held.Run.Id }));
    }

    /// <summary>Ends the response; false when that is no longer this execution's to do, and the run's end is not either.</summary>
    /// <exception cref="InvalidOperationException">Events are missing: they did not fit while the database was away. The next execution tells them.</exception>
    public async Task<bool> EndAsync(RunResult result, CancellationToken lost)
    {
        if (recording is null)
        {
            return true;
        }

        var next = await recording.LeaveAsync().WaitAsync(lost).ConfigureAwait(false);
        ended = true;
        if (next is not { } first)
        {
            return recording.Lost.IsCancellationRequested ? false : throw new InvalidOperationException($"Events of response {taken.Response.Id} were dropped because too many waited for the database.");
        }

        var end = ResponseEnds.Of(result, output, time.GetUtcNow(), (held.Run.InputTokens, held.Run.OutputTokens, held.Run.CostUsd));
        var whole = taken.Response with { Status = end.Status, Output = end.Output, Result = end.Result, CompletedAt = end.At };
        pending.Add(events.Last(whole));
        return await responses.FinishAsync(held.Lease, end, new RecordingBatch(recording.Key, first, Pending(), RecordingState.Finished) { Term = taken.Term }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Lets go of a response that is not ended. Nobody waits for what is still to be written: whoever takes it over tells it.</summary>
    public void Dispose()
    {
        if (!ended)
        {
            _ = recording?.LeaveAsync();
        }
    }

    private IReadOnlyList<ReadOnlyMemory<byte>> Pending()
    {
        var told = pending.ToArray();
        pending.Clear();
        return told;
    }
}
