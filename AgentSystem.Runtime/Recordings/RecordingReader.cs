using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Recordings;

/// <summary>Reads recordings while they are written, wherever that happens.</summary>
public sealed class RecordingReader
{
    private readonly IRecordingStore store;
    private readonly RecordingSignals signals;
    private readonly IOptions<RecordingsOptions> options;
    private readonly TimeProvider time;

    internal RecordingReader(IRecordingStore store, RecordingSignals signals, IOptions<RecordingsOptions> options, TimeProvider time) =>
        (this.store, this.signals, this.options, this.time) = (store, signals, options, time);

    /// <summary>
    /// Everything from number <paramref name="from"/> on, as it comes; the last page says so. An empty page means that nothing came for <see cref="RecordingsOptions.PollInterval"/>.
    /// Nothing at all, or no last page, when the recording does not exist or is deleted meanwhile.
    /// </summary>
    public async IAsyncEnumerable<RecordedPage> FollowAsync(RecordingKey key, int from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            while (true)
            {
                var signal = signals.NextAsync(key.Id);
                if (await store.ReadAsync(key, from, cancellation).ConfigureAwait(false) is not { } page)
                {
                    yield break;
                }

                if (page.IsLast || page.Events.Count > 0)
                {
                    from = page.First + page.Events.Count;
                    yield return page;
                }
                else if (!await PulsedAsync(signal, cancellation).ConfigureAwait(false))
                {
                    yield return page;
                }

                if (page.IsLast)
                {
                    yield break;
                }
            }
        }
        finally
        {
            // Others that wait look once more than they need; nobody's entry stays behind.
            signals.Pulse(key.Id);
        }
    }

    /// <summary>False when the poll's time was over first.</summary>
    private async Task<bool> PulsedAsync(Task signal, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(signal, Task.Delay(options.Value.PollInterval, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return first == signal;
    }
}
