using System.Text.Json;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Chat;

/// <summary>Reads members of a JSON object leniently where OpenAI is lenient (null counts as absent, unknown members are ignored) and strictly where a wrong value would be misread.</summary>
internal static class Members
{
    /// <summary>The member, or null when absent or null.</summary>
    public static JsonElement? Get(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text.</summary>
    public static string? Text(this JsonElement parent, string name, string path) => parent.Get(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(path, "a string");

    /// <summary>True or false; absent is false.</summary>
    public static bool Flag(this JsonElement parent, string name, string path) => parent.Get(name) is { } value
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(path, "true or false"));

    /// <summary>A number within bounds.</summary>
    public static double? Number(this JsonElement parent, string name, double least, double most) => parent.Get(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a number from {least} to {most}");

    /// <summary>A whole number within bounds.</summary>
    public static long? Whole(this JsonElement parent, string name, long least, long most) => parent.Get(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}");

    /// <summary>The items of a list; empty when absent.</summary>
    public static IEnumerable<(JsonElement Item, string Path)> Items(this JsonElement parent, string name, string path) => parent.Get(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select((item, i) => (item, $"{path}[{i}]")),
        _ => throw Wrong(path, "a list"),
    };

    /// <summary>A wrong value, as an exception that the parser turns into the failure it carries.</summary>
    public static BadMemberException Wrong(string path, string expected) => new(RunFailure.Invalid("invalid_value", $"\"{path}\" must be {expected}.", path));
}

/// <summary>Leaves the parser from any depth; caught where parsing began, so that callers see a value.</summary>
internal sealed class BadMemberException(RunFailure failure) : Exception(failure.Message)
{
    public RunFailure Failure { get; } = failure;
}
