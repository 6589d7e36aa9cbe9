using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Runtime.Agents.Comparison;

/// <summary>What two versions of an agent differ in, member by member, as the API shows them.</summary>
public static class AgentComparison
{
    private const string Instructions = "instructions";

    /// <summary>What tells versions apart, not what they are.</summary>
    private static readonly string[] Identity = ["name", "version", "active_version", "latest_version", "created_at", "created_by", "archived"];

    /// <summary>Members whose form is free: there a JSON null is a value.</summary>
    private static readonly string[] Free = ["memory", "planning", "security"];

    /// <summary>Compares two versions of one agent.</summary>
    public static AgentDiff Compare(AgentRecord from, AgentRecord to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var (before, after) = (Leaves(from), Leaves(to));
        var changes = before.Keys.Concat(after.Keys).Distinct().Select(Change).OfType<AgentChange>();
        return new AgentDiff(to.Definition.Name, from.Definition.Version, to.Definition.Version, [.. changes]);

        AgentChange? Change(string member)
        {
            var (old, young) = (before.GetValueOrDefault(member), after.GetValueOrDefault(member));
            return old == young ? null : new AgentChange(
                member, old, young, member == Instructions ? LineDiff.Between(from.Definition.Instructions, to.Definition.Instructions) : null);
        }
    }

    private static Dictionary<string, string> Leaves(AgentRecord record)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (member, value) in JsonSerializer.SerializeToNode(record.ToView(), PlatformJson.Options)!.AsObject())
        {
            if (!Identity.Contains(member))
            {
                Collect(leaves, member, value, Free.Contains(member), root: true);
            }
        }

        return leaves;
    }

    private static void Collect(Dictionary<string, string> leaves, string path, JsonNode? value, bool free, bool root)
    {
        if (value is JsonObject members && (members.Count > 0 || root))
        {
            foreach (var (member, inner) in members)
            {
                // A dot inside a free member's name must not look like a step.
                Collect(leaves, member.Contains('.') ? $"{path}[{JsonSerializer.Serialize(member, PlatformJson.Options)}]" : $"{path}.{member}", inner, free, root: false);
            }
        }
        else if (value is not null || free)
        {
            leaves[path] = value?.ToJsonString(PlatformJson.Options) ?? "null";
        }
    }
}
