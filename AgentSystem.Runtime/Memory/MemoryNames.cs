using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory;

/// <summary>Kinds and origins as rows hold them.</summary>
internal static class MemoryNames
{
    /// <summary>Kinds that have vectors.</summary>
    public static bool IsEmbedded(this MemoryKind kind) => kind is MemoryKind.Episodic or MemoryKind.Semantic;

    /// <summary>The word of an enum in JSON and in rows.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word.</summary>
    public static T Value<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);

    /// <summary>As JSON.</summary>
    public static string Json<T>(T value) => JsonSerializer.Serialize(value, PlatformJson.Options);

    /// <summary>From JSON.</summary>
    public static T FromJson<T>(string json) => JsonSerializer.Deserialize<T>(json, PlatformJson.Options)!;
}
