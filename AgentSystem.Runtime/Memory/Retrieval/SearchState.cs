using System.Globalization;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>What a search has found so far: the memories, each strategy's order, and why.</summary>
internal sealed class SearchState
{
    private const double SameWords = 0.9;

    private readonly Dictionary<string, FoundMemory> memories = new(StringComparer.Ordinal);
    private readonly List<Ranking> rankings = [];
    private readonly Dictionary<string, List<(MemorySearchStrategy Strategy, string Why)>> reasons = new(StringComparer.Ordinal);

    /// <summary>Everything found.</summary>
    public IReadOnlyDictionary<string, FoundMemory> Memories => memories;

    /// <summary>Each strategy's order.</summary>
    public IReadOnlyList<Ranking> Rankings => rankings;

    /// <summary>Takes a strategy's order.</summary>
    public void Add(MemorySearchStrategy strategy, IEnumerable<(FoundMemory Memory, string Why)> ranked)
    {
        var order = new List<string>();
        foreach (var (memory, why) in ranked)
        {
            memories[memory.Id] = memory;
            order.Add(memory.Id);
            if (!reasons.TryGetValue(memory.Id, out var known))
            {
                known = reasons[memory.Id] = [];
            }

            known.Add((strategy, why));
        }

        rankings.Add(new Ranking(strategy, order));
    }

    /// <summary>The hits, best first, each statement once.</summary>
    public IReadOnlyList<MemoryHit> Hits(int limit)
    {
        var (hits, kept) = (new List<MemoryHit>(), new List<HashSet<string>>());
        foreach (var (id, score) in RankFusion.Fuse(rankings))
        {
            var (memory, words) = (memories[id], Words.Of(memories[id].Text).ToHashSet(StringComparer.Ordinal));
            if (kept.Any(other => IsSame(other, words)))
            {
                continue;
            }

            kept.Add(words);
            hits.Add(new MemoryHit(
                id, memory.Text, Math.Round(score, 6), [.. reasons[id].Select(static reason => reason.Strategy)], [.. reasons[id].Select(static reason => reason.Why)], memory.Kind, memory.ValidFrom, memory.ValidTo));
            if (hits.Count == limit)
            {
                break;
            }
        }

        return hits;
    }

    /// <summary>A date as reasons name it.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The same words but for one in ten, and the same numbers: box 1 is not box 2.</summary>
    private static bool IsSame(HashSet<string> one, HashSet<string> other)
    {
        var common = one.Count(other.Contains);
        var all = one.Count + other.Count - common;
        return all == 0 || (common >= SameWords * all && one.Where(HasDigit).ToHashSet(StringComparer.Ordinal).SetEquals(other.Where(HasDigit)));
    }

    private static bool HasDigit(string word) => word.Any(char.IsAsciiDigit);
}
