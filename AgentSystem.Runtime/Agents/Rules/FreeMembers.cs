using System.Text;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>The members whose form is somebody else's: any JSON object that is small and can be kept.</summary>
internal static class FreeMembers
{
    /// <summary>Most bytes of one of them, as JSON in UTF-8.</summary>
    public const int MaxBytes = 16 * 1024;

    public static AgentRefusal? Check(string member, JsonObject? value)
    {
        if (value is null)
        {
            return null;
        }

        try
        {
            if (Encoding.UTF8.GetByteCount(value.ToJsonString(PlatformJson.Options)) > MaxBytes)
            {
                return AgentRules.Invalid(member, $"\"{member}\" has more than {MaxBytes / 1024} KB of JSON.");
            }

            return Unkeepable(value, member) is { } place ? AgentRules.Invalid(member, $"The value at {place} cannot be kept: no U+0000, no halves of characters, no numbers beyond a double's range.") : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Nodes are read when they are looked at, and only then tell of a member that is there twice or of half a character.
            return AgentRules.Invalid(member, $"\"{member}\" names a member twice, or holds half a character.");
        }
    }

    private static string? Unkeepable(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.Select(member => member.Key.Contains('\0') ? path : Unkeepable(member.Value, $"{path}.{member.Key}")).FirstOrDefault(found => found is not null),
        JsonArray items => items.Select((item, i) => Unkeepable(item, $"{path}[{i}]")).FirstOrDefault(found => found is not null),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Contains('\0') ? path : null,
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => value.TryGetValue<double>(out var number) && double.IsFinite(number) ? null : path,
        _ => null,
    };
}
