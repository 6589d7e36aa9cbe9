using System.Diagnostics.CodeAnalysis;

namespace AgentSystem.Runtime.Tools;

/// <summary>The tools there are, by name.</summary>
public sealed class ToolCatalog(IEnumerable<ITool> tools)
{
    private readonly Dictionary<string, ITool> byName = tools.ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>All tools, by name.</summary>
    public IReadOnlyList<ITool> All => [.. byName.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Finds a tool.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ITool? tool) => byName.TryGetValue(name, out tool);
}
