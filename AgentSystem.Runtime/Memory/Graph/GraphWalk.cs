namespace AgentSystem.Runtime.Memory.Graph;

/// <summary>That a memory names a thing.</summary>
internal readonly record struct Mention(string Memory, string Entity);

/// <summary>A memory the walk came to.</summary>
/// <param name="Weight">Above 0, at most 1: the best way to it counts.</param>
/// <param name="Path">The things on that way, from the seed on.</param>
internal sealed record Reached(string Memory, double Weight, IReadOnlyList<string> Path);

/// <summary>
/// A bounded walk over things and the memories that name them: from the seeds to every memory that names one, from there to what else these name, and so on.
/// Each step costs <see cref="Decay"/>, and a thing that many memories name leads to each of them with less.
/// </summary>
internal static class GraphWalk
{
    /// <summary>What is left of a weight after a step from a memory to another thing it names.</summary>
    public const double Decay = 0.5;

    /// <summary>How many steps from the seeds are made.</summary>
    public const int Hops = 2;

    /// <summary>Memories by weight, the heaviest first; equal ones by id, so that the order of the mentions means nothing.</summary>
    public static IReadOnlyList<Reached> From(IReadOnlyDictionary<string, double> seeds, IReadOnlyCollection<Mention> mentions, int hops = Hops)
    {
        var byEntity = mentions.Distinct().ToLookup(static mention => mention.Entity, static mention => mention.Memory, StringComparer.Ordinal);
        var byMemory = mentions.Distinct().ToLookup(static mention => mention.Memory, static mention => mention.Entity, StringComparer.Ordinal);
        var reached = new Dictionary<string, Reached>(StringComparer.Ordinal);
        var frontier = seeds.ToDictionary(static seed => seed.Key, static seed => (Weight: Math.Clamp(seed.Value, 0, 1), Path: (IReadOnlyList<string>)[seed.Key]), StringComparer.Ordinal);
        var best = frontier.ToDictionary(static pair => pair.Key, static pair => pair.Value.Weight, StringComparer.Ordinal);
        for (var hop = 0; hop < hops && frontier.Count > 0; hop++)
        {
            var next = new Dictionary<string, (double Weight, IReadOnlyList<string> Path)>(StringComparer.Ordinal);
            foreach (var (entity, (weight, path)) in frontier.OrderByDescending(static pair => pair.Value.Weight).ThenBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                foreach (var memory in byEntity[entity].Order(StringComparer.Ordinal))
                {
                    var arrives = weight / Math.Log2(1 + byEntity[entity].Count());
                    if (arrives <= 0 || (reached.TryGetValue(memory, out var known) && known.Weight >= arrives))
                    {
                        continue;
                    }

                    reached[memory] = new Reached(memory, arrives, path);
                    foreach (var other in byMemory[memory].Where(other => best.GetValueOrDefault(other) < arrives * Decay))
                    {
                        best[other] = arrives * Decay;
                        next[other] = (arrives * Decay, [.. path, other]);
                    }
                }
            }

            frontier = next;
        }

        return [.. reached.Values.OrderByDescending(static one => one.Weight).ThenBy(static one => one.Memory, StringComparer.Ordinal)];
    }
}
