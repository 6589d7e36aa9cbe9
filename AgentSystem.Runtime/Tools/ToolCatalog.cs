using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace AgentSystem.Runtime.Tools;

/// <summary>Every tool of this process, by name.</summary>
public sealed class ToolCatalog
{
    private readonly FrozenDictionary<string, ITool> byName;

    /// <summary>Takes the registered tools; two of one name are refused.</summary>
    public ToolCatalog(IEnumerable<ITool> tools)
    {
        All = [.. tools.OrderBy(tool => tool.Name, StringComparer.Ordinal)];
        var twice = All.GroupBy(tool => tool.Name).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            throw new InvalidOperationException($"Two tools are called '{twice.Key}': {string.Join(", ", twice.Select(tool => tool.GetType().Name))}. A tool's name must be unique.");
        }

        byName = All.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    /// <summary>All tools, sorted by name.</summary>
    public IReadOnlyList<ITool> All { get; }

    /// <summary>Finds a tool by its exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ITool? tool) => byName.TryGetValue(name, out tool);
}
