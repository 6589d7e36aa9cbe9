using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Recordings;

/// <summary>Begins recordings and knows those this process writes; <see cref="RecordingFlusher"/> carries what they hold to the store.</summary>
public sealed class Recorder(IRecordingStore store, IOptions<RecordingsOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<RecordingKey, RecordingWriter> open = new();
    private readonly Channel<bool> wake = NewSignal();
    private readonly Channel<bool> urgent = NewSignal();

    /// <summary>This process's name, of this start: a process that comes back is another one.</summary>
    public string Owner { get; } = $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>Something waits to be written.</summary>
    internal ChannelReader<bool> Wake => wake.Reader;

    /// <summary>Somebody waits for it to be written.</summary>
    internal ChannelReader<bool> Urgent => urgent.Reader;

    internal ICollection<RecordingWriter> Open => open.Values;

    /// <summary>A name no other recording has; later ones sort after it.</summary>
    public string NewId() => $"rec_{Guid.CreateVersion7(time.GetUtcNow()):N}";

    /// <summary>Begins a recording.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="retention">How long it is kept from now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RecordingWriter> BeginAsync(string tenant, TimeSpan retention, CancellationToken cancellation)
    {
        var key = new RecordingKey(tenant, NewId());
        await store.BeginAsync(key, Owner, retention, cancellation).ConfigureAwait(false);
        return Adopt(key);
    }

    /// <summary>Writes a recording that was begun in <see cref="Owner"/>'s name together with something else.</summary>
    public RecordingWriter Adopt(RecordingKey key)
    {
        var writer = new RecordingWriter(key, options.Value.MaxWaitingBytes, hurry => (hurry ? urgent : wake).Writer.TryWrite(true));
        return open.TryAdd(key, writer) ? writer : throw new InvalidOperationException($"Recording {key.Id} is being written already; a recording has one producer.");
    }

    /// <summary>Goes on with a recording that was taken over in <see cref="Owner"/>'s name. What an earlier producer in this process still holds of it is dropped: the store would refuse it.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="term">See <see cref="RecordingBatch.Term"/>.</param>
    /// <param name="written">Number of the next event.</param>
    public RecordingWriter Resume(RecordingKey key, int term, int written)
    {
        var writer = new RecordingWriter(key, options.Value.MaxWaitingBytes, hurry => (hurry ? urgent : wake).Writer.TryWrite(true), term, written);
        if (open.TryRemove(key, out var before))
        {
            before.Lose();
        }

        return open.TryAdd(key, writer) ? writer : throw new InvalidOperationException($"Recording {key.Id} is taken over twice at the same time; a recording has one producer.");
    }

    /// <summary>What was not written is to be tried again.</summary>
    internal void Retry() => urgent.Writer.TryWrite(true);

    internal void Forget(RecordingWriter writer) => open.TryRemove(KeyValuePair.Create(writer.Key, writer));

    private static Channel<bool> NewSignal() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
