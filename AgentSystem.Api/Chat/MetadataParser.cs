using System.Text.Json;
using AgentSystem.Runtime.Threads;

namespace AgentSystem.Api.Chat;

/// <summary>Reads <c>metadata</c>, within OpenAI's limits; only <c>thread_id</c> means something to us.</summary>
internal static class MetadataParser
{
    private const string Member = "metadata";
    private const string ThreadId = "thread_id";

    /// <summary>The thread the request names, or null.</summary>
    public static string? ThreadOf(JsonElement root)
    {
        if (root.Get(Member) is not { } given)
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw Members.Wrong(Member, "an object of strings");
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in given.EnumerateObject())
        {
            pairs[pair.Name] = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : throw Members.Wrong(Member, "an object of strings");
        }

        if (ThreadLimits.Problem(pairs) is { } problem)
        {
            throw Members.Wrong(Member, problem);
        }

        return !pairs.TryGetValue(ThreadId, out var id) ? null
            : id.Length > 0 ? id
            : throw Members.Wrong(Member + "." + ThreadId, "the id of a thread, or \"new\"");
    }
}
