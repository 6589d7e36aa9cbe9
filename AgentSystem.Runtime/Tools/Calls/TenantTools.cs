using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Remote;
using AgentSystem.Runtime.Tools.Schemas;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>Every tool a tenant has: the platform's own and those of its catalogue. A built-in name is never another tool.</summary>
/// <param name="builtIn">The platform's own.</param>
/// <param name="store">The tenants' catalogues.</param>
/// <param name="caller">Makes the calls.</param>
/// <param name="elsewhere">Who makes them instead; null: this process.</param>
public sealed class TenantTools(ToolCatalog builtIn, IToolStore store, ToolCaller caller, ToolsElsewhere? elsewhere = null)
{
    private const int MostNames = 200;

    /// <summary>The tools of these names that there are. Of a tool of the catalogue it is the approved version: an agent follows it.</summary>
    public async Task<IReadOnlyDictionary<string, ITool>> FindAsync(string tenant, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(names);
        var found = new Dictionary<string, ITool>(StringComparer.Ordinal);
        var others = new List<string>();
        foreach (var name in names)
        {
            if (builtIn.TryGet(name, out var tool))
            {
                found[name] = tool;
            }
            else
            {
                others.Add(name);
            }
        }

        foreach (var record in others.Count == 0 ? [] : await store.FindAsync(tenant, others, cancellation).ConfigureAwait(false))
        {
            if (Bound(record) is { } tool)
            {
                found[tool.Name] = elsewhere?.Wrap(tool) ?? tool;
            }
        }

        return found;
    }

    /// <summary>Which of these names no tool has, and the names there are; empty where all are known.</summary>
    public async Task<(IReadOnlyList<string> Unknown, IReadOnlyList<string> Known)> LookAsync(string tenant, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(names);
        List<string> others = [.. names.Where(name => name is null || !builtIn.TryGet(name, out _))];
        if (others.Count == 0)
        {
            return ([], []);
        }

        // A name that no tool can have is not looked for: a store could not keep it, and would refuse the question.
        var found = await store.FindAsync(tenant, [.. others.Where(ToolRules.IsToolName)], cancellation).ConfigureAwait(false);
        List<string> unknown = [.. others.Except(found.Where(static tool => tool.Definition.IsCallable).Select(static tool => tool.Definition.Name))];
        return unknown.Count == 0 ? ([], []) : (unknown, [.. builtIn.All.Select(static tool => tool.Name), .. await store.NamesAsync(tenant, MostNames, cancellation).ConfigureAwait(false)]);
    }

    private TenantTool? Bound(ToolRecord record) =>
        record.Definition.Schema is { } source && ToolSchema.Read(source).Schema is { } schema ? new TenantTool(record, schema, caller) : null;
}
