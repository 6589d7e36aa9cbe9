using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>What a draft would change, in the shape the API tells differences between versions in.</summary>
internal static class AgentComparison
{
    private const string Instructions = "instructions";

    /// <param name="saved">A version the API has.</param>
    /// <param name="draft">What was typed.</param>
    public static IReadOnlyList<AgentChange> Of(AgentVersionView saved, CreateAgent draft)
    {
        var before = Members(AgentDraft.Of(saved).ToRequest());
        var after = Members(draft);
        return
        [
            .. from member in before.Keys.Union(after.Keys)
               let old = before.GetValueOrDefault(member)
               let now = after.GetValueOrDefault(member)
               where old != now
               select new AgentChange(member, old, now, member == Instructions ? LineDiff.Between(saved.Instructions, draft.Instructions) : null),
        ];
    }

    /// <summary>Every leaf by its dotted name. Lists are leaves: their order means something.</summary>
    private static Dictionary<string, string> Members(CreateAgent agent)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk("", JsonSerializer.SerializeToNode(agent, PlatformJson.Options)!);
        return members;

        void Walk(string path, JsonNode? node)
        {
            if (node is JsonObject parts)
            {
                foreach (var (name, part) in parts)
                {
                    Walk(path.Length == 0 ? name : $"{path}.{name}", part);
                }
            }
            else if (node is not null)
            {
                members[path] = node.ToJsonString(PlatformJson.Options);
            }
        }
    }
}
