using System.Collections.Frozen;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.Memory.Graph;

namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>Chooses how to search by what is asked.</summary>
internal static class StrategyChoice
{
    private static readonly FrozenSet<string> Timely = "when latest newest recent recently last lately current currently earliest oldest first ago since until before after yesterday today".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Words and vectors always; the graph where the query names something; time where it speaks of it.</summary>
    /// <param name="query">The query.</param>
    /// <param name="window">The time read in it.</param>
    /// <param name="knowsThings">True when a thing of that scope has a name that stands in the query.</param>
    public static IReadOnlyList<MemorySearchStrategy> For(string query, MemoryWindow? window, bool knowsThings)
    {
        var chosen = new List<MemorySearchStrategy> { MemorySearchStrategy.Semantic, MemorySearchStrategy.Lexical };
        if (knowsThings || EntityExtractor.In(query).Any(static entity => entity.Type is "name" or "person"))
        {
            chosen.Add(MemorySearchStrategy.Graph);
        }

        if (window is not null || Words.Of(query).Any(Timely.Contains))
        {
            chosen.Add(MemorySearchStrategy.Temporal);
        }

        return chosen;
    }
}
