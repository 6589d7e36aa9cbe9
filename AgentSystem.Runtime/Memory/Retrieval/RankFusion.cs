using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>One strategy's opinion: memories by id, best first, each once.</summary>
internal sealed record Ranking(MemorySearchStrategy Strategy, IReadOnlyList<string> Ids);

/// <summary>Joins rankings by reciprocal rank: Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009, whose k = 60 is kept.</summary>
internal static class RankFusion
{
    private const double K = 60;

    /// <summary>Memories by their sum of 1 / (k + rank), scaled so that the first of every ranking has 1. Equal sums by id.</summary>
    public static IReadOnlyList<(string Id, double Score)> Fuse(IReadOnlyCollection<Ranking> rankings)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var ranking in rankings)
        {
            foreach (var (rank, id) in ranking.Ids.Index())
            {
                sums[id] = sums.GetValueOrDefault(id) + (1 / (K + rank + 1));
            }
        }

        var most = Math.Max(1, rankings.Count) / (K + 1);
        return [.. sums.Select(pair => (pair.Key, pair.Value / most)).OrderByDescending(static pair => pair.Item2).ThenBy(static pair => pair.Key, StringComparer.Ordinal)];
    }
}
