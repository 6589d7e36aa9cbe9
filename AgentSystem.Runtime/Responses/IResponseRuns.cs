using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Runtime.Responses;

/// <summary>Responses in the background. Each is made by a run (<see cref="ItemIds.RunOf"/>), in whichever process holds it; what a holder writes counts only while the run is still its own.</summary>
public interface IResponseRuns
{
    /// <summary>Keeps a new response, begins its recording, which any process may go on with, and puts its run into the queue: all or nothing.</summary>
    /// <param name="response">Queued, with a recording.</param>
    /// <param name="order">See <see cref="ResponseOrder.Write"/>.</param>
    /// <param name="run">Its run, under the id <see cref="ItemIds.RunOf"/> gives.</param>
    /// <param name="told">The first events.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task QueueAsync(StoredResponse response, string order, NewRun run, IReadOnlyList<ReadOnlyMemory<byte>> told, CancellationToken cancellation);

    /// <summary>Takes a response over from whoever made it before: from now on only <paramref name="owner"/> adds events, and says that it is worked on. Null when it was deleted, or the run is somebody else's.</summary>
    Task<TakenResponse?> TakeAsync(RunLease lease, string owner, CancellationToken cancellation);

    /// <summary>Ends a response and its recording with the last events, both or neither; false, and nothing changes, when it has ended, was taken over, or the run is somebody else's.</summary>
    /// <param name="lease">The right to the run.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="last">The last events, under the number they were promised.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<bool> FinishAsync(RunLease lease, ResponseEnd end, RecordingBatch last, CancellationToken cancellation);
}

/// <summary>A response that was taken over.</summary>
/// <param name="Response">As it is now.</param>
/// <param name="Order">What is to be made, see <see cref="ResponseOrder"/>.</param>
/// <param name="Told">Its events so far; empty when it has ended.</param>
/// <param name="Term">See <see cref="RecordingBatch.Term"/>.</param>
public sealed record TakenResponse(StoredResponse Response, string Order, IReadOnlyList<ReadOnlyMemory<byte>> Told, int Term);
