using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents.Remote;

/// <summary>The library's messages, options and updates as roles send them. What a newer process adds, an older one passes over.</summary>
internal static class RoleJson
{
    /// <summary>As text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions);

    /// <summary>From text.</summary>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, AIJsonUtilities.DefaultOptions) ?? throw new ArgumentException($"A {typeof(T).Name} is missing.", nameof(text));

    /// <summary>An update from text. Numbers, texts and truths in its further properties are such again: whoever reads them asks for their types.</summary>
    public static ChatResponseUpdate ReadUpdate(string text)
    {
        var update = Read<ChatResponseUpdate>(text);
        if (update.AdditionalProperties is { } more)
        {
            update.AdditionalProperties = new AdditionalPropertiesDictionary(Plain(more));
        }

        return update;
    }

    /// <summary>Options from text, with the tools that travelled beside them.</summary>
    public static ChatOptions ReadOptions(string? text, List<Contracts.Roles.OfferedTool> tools)
    {
        var options = text is null ? new ChatOptions() : Read<ChatOptions>(text);
        options.Tools = OfferedTools.Read(tools);
        if (options.AdditionalProperties is { } more)
        {
            options.AdditionalProperties = new AdditionalPropertiesDictionary(Plain(more));
        }

        return options;
    }

    /// <summary>The same values, simple ones as .NET has them.</summary>
    public static Dictionary<string, object?> Plain(IEnumerable<KeyValuePair<string, object?>> values) =>
        values.ToDictionary(static value => value.Key, static value => value.Value is JsonElement json ? Plain(json) : value.Value, StringComparer.Ordinal);

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => json,
    };
}
