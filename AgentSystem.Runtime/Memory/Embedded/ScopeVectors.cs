using System.Runtime.InteropServices;

namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>The quantised vectors of one scope: a block of codes that is scanned from end to end. One thread at a time.</summary>
internal sealed class ScopeVectors(int dimensions)
{
    private const int BytesPerEntry = 160;

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<string> ids = [];
    private readonly List<float> steps = [];
    private readonly List<long> versions = [];
    private sbyte[] codes = [];

    /// <summary>How many there are.</summary>
    public int Count => ids.Count;

    /// <summary>What they take, about.</summary>
    public long Bytes => codes.Length + ((long)ids.Count * BytesPerEntry);

    /// <summary>Puts a vector in its place. An older version than the one that is there changes nothing; one of another size is passed over.</summary>
    public void Put(string id, long version, ReadOnlySpan<float> vector)
    {
        if (vector.Length != dimensions)
        {
            return;
        }

        if (!places.TryGetValue(id, out var place))
        {
            place = places[id] = ids.Count;
            ids.Add(id);
            steps.Add(0);
            versions.Add(version);
            if (codes.Length < ids.Count * dimensions)
            {
                Array.Resize(ref codes, Math.Max(16, ids.Count * 3 / 2) * dimensions);
            }
        }
        else if (versions[place] > version)
        {
            return;
        }

        var quantised = Int8.Quantise(vector);
        quantised.Codes.CopyTo(codes.AsSpan(place * dimensions));
        (steps[place], versions[place]) = (quantised.Step, version);
    }

    /// <summary>Takes a vector out; the last one moves into its place.</summary>
    public void Remove(string id)
    {
        if (!places.Remove(id, out var place))
        {
            return;
        }

        var last = ids.Count - 1;
        if (place != last)
        {
            codes.AsSpan(last * dimensions, dimensions).CopyTo(codes.AsSpan(place * dimensions));
            (ids[place], steps[place], versions[place]) = (ids[last], steps[last], versions[last]);
            places[ids[place]] = place;
        }

        codes.AsSpan(last * dimensions, dimensions).Clear();
        ids.RemoveAt(last);
        steps.RemoveAt(last);
        versions.RemoveAt(last);
    }

    /// <summary>The nearest by the quantised vectors, nearest first: candidates for an exact look.</summary>
    public IReadOnlyList<NearMemory> Nearest(ReadOnlySpan<float> query, int most)
    {
        if (query.Length != dimensions || most <= 0)
        {
            return [];
        }

        var asked = Int8.Quantise(query);
        var best = new PriorityQueue<int, float>();
        var size = CollectionsMarshal.AsSpan(steps);
        for (var place = 0; place < ids.Count; place++)
        {
            var near = Int8.Dot(asked.Codes, codes.AsSpan(place * dimensions, dimensions)) * asked.Step * size[place];
            if (best.Count < most)
            {
                best.Enqueue(place, near);
            }
            else if (best.TryPeek(out _, out var worst) && near > worst)
            {
                best.EnqueueDequeue(place, near);
            }
        }

        return [.. best.UnorderedItems.OrderByDescending(static item => item.Priority).ThenBy(item => ids[item.Element], StringComparer.Ordinal).Select(item => new NearMemory(ids[item.Element], item.Priority))];
    }
}
