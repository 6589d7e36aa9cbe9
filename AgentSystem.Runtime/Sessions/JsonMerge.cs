using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What <c>merge</c> and <c>append</c> do to values. Nothing given is changed; the results share nothing with it.</summary>
internal static class JsonMerge
{
    /// <summary>The members of <paramref name="over"/> in <paramref name="under"/>, objects within objects likewise; everything else of <paramref name="over"/> takes the place of what was there.</summary>
    public static JsonObject Merge(JsonObject under, JsonObject over)
    {
        var merged = (JsonObject)under.DeepClone();
        foreach (var (name, value) in over)
        {
            merged[name] = merged[name] is JsonObject there && value is JsonObject inner ? Merge(there, inner) : value?.DeepClone();
        }

        return merged;
    }

    /// <summary>The items of both, in their order.</summary>
    public static JsonArray Append(JsonArray first, JsonArray then) => [.. first.Concat(then).Select(static item => item?.DeepClone())];

    /// <summary>True when merging <paramref name="over"/> would take the place of a different value; adding members and repeating equal ones is no collision.</summary>
    public static bool Collides(JsonObject under, JsonObject over) => over.Any(member =>
        under.TryGetPropertyValue(member.Key, out var there)
        && (there is JsonObject below && member.Value is JsonObject inner ? Collides(below, inner) : !JsonNode.DeepEquals(there, member.Value)));
}
