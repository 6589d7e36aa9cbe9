using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>Takes over the responses of runs that make one.</summary>
internal sealed class ResponseRuns(IResponseRuns responses, Recorder recorder, TimeProvider time)
{
    /// <summary>True for the run of a background response.</summary>
    public static bool Makes(RunRecord run) => ItemIds.ResponseOf(run.Id) is not null;

    /// <summary>The response, to be gone on with; null when there is none to make: it was deleted, has failed, or is another process's by now.</summary>
    public async Task<ResponseRun?> TakeAsync(HeldRun held, CancellationToken cancellation)
    {
        if (await responses.TakeAsync(held.Lease, recorder.Owner, cancellation).ConfigureAwait(false) is not { } taken)
        {
            return null;
        }

        if (taken.Response.IsEnded)
        {
            // Its holder died after it had ended the response and before it had ended the run: what is left is the run's end and its turn, and nothing to tell.
            return taken.Response.Status is ResponseStatus.Completed or ResponseStatus.Incomplete ? new ResponseRun(held, taken, null, responses, time) : null;
        }

        var told = ToldOutput.Read(taken.Told);
        var recording = recorder.Resume(taken.Response.RecordingKey!, taken.Term, told.Events);
        return new ResponseRun(held, taken, (recording, told), responses, time);
    }
}
