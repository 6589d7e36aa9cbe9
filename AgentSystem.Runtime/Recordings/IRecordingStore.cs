namespace AgentSystem.Runtime.Recordings;

/// <summary>Where recordings are kept. The database's clock alone decides who is dead: processes' clocks differ.</summary>
public interface IRecordingStore
{
    /// <summary>Begins an empty recording that <paramref name="owner"/> writes.</summary>
    /// <param name="key">Given to nobody else.</param>
    /// <param name="owner">See <see cref="Recorder.Owner"/>.</param>
    /// <param name="retention">How long it is kept from now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task BeginAsync(RecordingKey key, string owner, TimeSpan retention, CancellationToken cancellation);

    /// <summary>
    /// Adds each batch whole or not at all, in one transaction, and counts as a heartbeat. Writing a batch again changes nothing.
    /// The recordings that took theirs: one that has ended, or has another owner, takes nothing more.
    /// </summary>
    Task<IReadOnlySet<RecordingKey>> WriteAsync(string owner, IReadOnlyCollection<RecordingBatch> batches, CancellationToken cancellation);

    /// <summary>Says that the owner lives. The recordings that are still open and still its own.</summary>
    Task<IReadOnlySet<RecordingKey>> BeatAsync(string owner, IReadOnlyCollection<RecordingKey> open, CancellationToken cancellation);

    /// <summary>Events from number <paramref name="from"/> on, in order; perhaps not yet all of them. Null when there is no such recording. One whose owner is silent for too long is abandoned from then on.</summary>
    Task<RecordedPage?> ReadAsync(RecordingKey key, int from, CancellationToken cancellation);

    /// <summary>Deletes up to <paramref name="most"/> recordings whose time is over; how many it were.</summary>
    Task<int> DeleteExpiredAsync(int most, CancellationToken cancellation);
}

/// <summary>A recording's name.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">See <see cref="Recorder.NewId"/>.</param>
public sealed record RecordingKey(string Tenant, string Id);

/// <summary>What has become of a recording.</summary>
public enum RecordingState
{
    /// <summary>It is being written.</summary>
    Open,

    /// <summary>It is whole.</summary>
    Finished,

    /// <summary>What it records failed; what it holds is the failure, and whoever repeats the request runs it again.</summary>
    Failed,

    /// <summary>Who wrote it died, or was stopped; it ends somewhere.</summary>
    Abandoned,
}

/// <summary>Events to add.</summary>
/// <param name="Key">Where.</param>
/// <param name="First">Number of the first one, counted from 0; without gaps.</param>
/// <param name="Events">In order; may be empty.</param>
/// <param name="End">Null: more may come.</param>
public sealed record RecordingBatch(RecordingKey Key, int First, IReadOnlyList<ReadOnlyMemory<byte>> Events, RecordingState? End)
{
    /// <summary>How often the recording was taken over: what was written for an earlier owner is refused, also where that was the same process.</summary>
    public int Term { get; init; }
}

/// <summary>A part of a recording.</summary>
/// <param name="First">Number of the first of <paramref name="Events"/>.</param>
/// <param name="Events">In order; empty when nothing new is there.</param>
/// <param name="Total">Events the recording has now.</param>
/// <param name="State">What has become of it.</param>
public sealed record RecordedPage(int First, IReadOnlyList<ReadOnlyMemory<byte>> Events, int Total, RecordingState State)
{
    /// <summary>True when nothing comes after this page, now or ever.</summary>
    public bool IsLast => State != RecordingState.Open && First + Events.Count >= Total;
}
