using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Caching.InProcess;

/// <summary>Answers in this process's memory: what was not used for the longest time goes first when the bytes are used up.</summary>
internal sealed class InProcessAnswerCache(IOptions<InProcessCacheOptions> options, TimeProvider time) : IAnswerCache
{
    // Dictionary entry, list node, array header, and the string's own header.
    private const int Overhead = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> newestUseFirst = [];
    private long bytes;

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var node))
            {
                return ValueTask.FromResult<byte[]?>(null);
            }

            if (node.Value.Expires <= time.GetUtcNow())
            {
                Remove(node);
                return ValueTask.FromResult<byte[]?>(null);
            }

            newestUseFirst.Remove(node);
            newestUseFirst.AddFirst(node);
            return ValueTask.FromResult<byte[]?>(node.Value.Value);
        }
    }

    public ValueTask SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellation)
    {
        var entry = new Entry(key, value, time.GetUtcNow() + lifetime);
        lock (gate)
        {
            if (byKey.TryGetValue(key, out var before))
            {
                Remove(before);
            }

            if (entry.Bytes > options.Value.MaxBytes)
            {
                return ValueTask.CompletedTask;
            }

            while (bytes + entry.Bytes > options.Value.MaxBytes && newestUseFirst.Last is { } last)
            {
                Remove(last);
            }

            byKey[key] = newestUseFirst.AddFirst(entry);
            bytes += entry.Bytes;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<long?> ClearAsync(string prefix, CancellationToken cancellation)
    {
        lock (gate)
        {
            var found = byKey.Values.Where(node => node.Value.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            found.ForEach(Remove);
            return ValueTask.FromResult<long?>(found.Count);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        newestUseFirst.Remove(node);
        byKey.Remove(node.Value.Key);
        bytes -= node.Value.Bytes;
    }

    private sealed record Entry(string Key, byte[] Value, DateTimeOffset Expires)
    {
        public long Bytes => (2L * Key.Length) + Value.Length + Overhead;
    }
}
