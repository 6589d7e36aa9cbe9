using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Perception;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Perception;

/// <summary>
/// Keeps what was found out about content, in this process: by tenant, content, what was asked for and the settings it was found under. Bounded in bytes, the longest unused goes first.
/// Results that depend on the moment or fell short are never kept.
/// </summary>
internal sealed class PerceptionCache(IOptions<PerceptionOptions> options, TimeProvider time)
{
    /// <summary>Grows when what is found out changes, so that nothing found by older rules is given.</summary>
    private const int Version = 1;

    /// <summary>What an entry costs beside its pictures.</summary>
    private const int Overhead = 4_096;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> order = new();
    private long bytes;

    /// <summary>The key of a result; no part of the content can be read from it.</summary>
    public string Key(string tenant, string modality, string sha256, bool thumbnail, bool describe)
    {
        var limits = options.Value;
        var what = string.Create(
            CultureInfo.InvariantCulture, $"{Version}|{tenant.Length}|{tenant}|{modality}|{sha256}|{thumbnail}|{describe}|{limits.CleanSide}|{limits.ThumbnailSide}|{limits.MaxListening.Ticks}|{limits.VisionModel}|{limits.TranscriptionModel}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)));
    }

    public (PerceivedPart Part, byte[] Clean)? Find(string key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var node))
            {
                return null;
            }

            order.Remove(node);
            if (node.Value.Until <= time.GetUtcNow())
            {
                Forget(node);
                return null;
            }

            order.AddFirst(node);
            return (node.Value.Part, node.Value.Clean);
        }
    }

    public void Keep(string key, PerceivedPart part, byte[] clean)
    {
        var size = Overhead + clean.Length + (2L * (part.Image?.Thumbnail?.Length ?? 0));
        if (size > options.Value.CacheBytes)
        {
            return;
        }

        lock (gate)
        {
            if (entries.TryGetValue(key, out var old))
            {
                order.Remove(old);
                Forget(old);
            }

            entries[key] = order.AddFirst(new Entry(key, part, clean, size, time.GetUtcNow() + options.Value.CacheLifetime));
            bytes += size;
            while (bytes > options.Value.CacheBytes && order.Last is { } last)
            {
                order.RemoveLast();
                Forget(last);
            }
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        entries.Remove(node.Value.Key);
        bytes -= node.Value.Size;
    }

    private sealed record Entry(string Key, PerceivedPart Part, byte[] Clean, long Size, DateTimeOffset Until);
}
