using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The members of an agent as the API names them, and the fields of the form they are typed into.</summary>
internal static class AgentMembers
{
    private static readonly Dictionary<string, (string Label, string Field)> Fields = new(StringComparer.Ordinal)
    {
        ["name"] = ("Name", "agent-name"),
        ["model"] = ("Model", "agent-model"),
        ["description"] = ("Description", "agent-description"),
        ["instructions"] = ("Instructions", "agent-instructions"),
        ["tools"] = ("Tools", "agent-tools"),
        ["fallbacks"] = ("Fallbacks", "agent-fallbacks"),
        ["limits.max_steps"] = ("Steps at most", "agent-steps"),
        ["limits.max_seconds"] = ("Seconds at most", "agent-seconds"),
        ["limits.max_output_tokens"] = ("Tokens at most", "agent-tokens"),
        ["type"] = ("Type", "agent-type"),
        ["specialization"] = ("Specialization", "agent-special"),
        ["scaling.min_replicas"] = ("Replicas at least", "agent-min"),
        ["scaling.max_replicas"] = ("Replicas at most", "agent-max"),
        ["scaling.initial_replicas"] = ("Replicas at first", "agent-initial"),
        ["resources.cpu_request"] = ("CPU asked for", "agent-cpu"),
        ["resources.cpu_limit"] = ("CPU at most", "agent-cpu-max"),
        ["resources.memory_request"] = ("Memory asked for", "agent-mem"),
        ["resources.memory_limit"] = ("Memory at most", "agent-mem-max"),
        ["resources.gpu_request"] = ("GPUs asked for", "agent-gpu"),
        ["resources.gpu_limit"] = ("GPUs at most", "agent-gpu-max"),
        ["container_image"] = ("Container image", "agent-image"),
        ["memory"] = ("Memory, JSON", "agent-memory"),
        ["planning"] = ("Planning, JSON", "agent-planning"),
        ["security"] = ("Security, JSON", "agent-security"),
    };

    /// <summary>Id of the field a refused member is typed into; null when it has none.</summary>
    /// <param name="member">As the API names it; <c>tools[2]</c> is one of <c>tools</c>.</param>
    public static string? FieldOf(string? member) => Find(member) is { } found ? found.Field : null;

    /// <summary>The refusal with labels of the form in place of the names of members. Only the refused member and dotted ones are replaced: a quoted "name" alone can be anybody's.</summary>
    public static ApiFailure InLabels(ApiFailure failure)
    {
        var words = failure.Message;
        foreach (var (member, (label, _)) in Fields)
        {
            if (member.Contains('.', StringComparison.Ordinal) || member == Base(failure.Member))
            {
                words = words.Replace($"\"{member}\"", $"“{label}”", StringComparison.Ordinal);
            }
        }

        return failure with { Message = words };
    }

    private static (string Label, string Field)? Find(string? member) => Base(member) is { } name && Fields.TryGetValue(name, out var found) ? found : null;

    private static string? Base(string? member) => member?.Split('[')[0];
}
