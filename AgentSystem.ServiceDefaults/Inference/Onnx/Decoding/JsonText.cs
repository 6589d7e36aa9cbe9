using System.Text;
using System.Text.Json;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>JSON as chat models were trained on it: a space after colon and comma, text beyond ASCII as it is.</summary>
internal static class JsonText
{
    /// <summary>The bytes of a character inside a JSON string.</summary>
    public static byte[] Escape(Rune rune) => rune.Value switch
    {
        '"' => "\\\""u8.ToArray(),
        '\\' => "\\\\"u8.ToArray(),
        '\n' => "\\n"u8.ToArray(),
        '\r' => "\\r"u8.ToArray(),
        '\t' => "\\t"u8.ToArray(),
        < 0x20 => Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}"),
        _ => Encoding.UTF8.GetBytes(rune.ToString()),
    };

    /// <summary>Writes a string with its quotes.</summary>
    public static string Quote(string text) =>
        $"\"{string.Concat(text.EnumerateRunes().Select(rune => Encoding.UTF8.GetString(Escape(rune))))}\"";

    /// <summary>Writes a value of any kind.</summary>
    public static string Write(object? value) => value switch
    {
        null => "null",
        string text => Quote(text),
        JsonElement element => Write(element),
        IEnumerable<KeyValuePair<string, object?>> map => Object(map.Select(entry => (entry.Key, Write(entry.Value)))),
        _ => Write(JsonSerializer.SerializeToElement(value)),
    };

    private static string Write(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Quote(element.GetString()!),
        JsonValueKind.Array => $"[{string.Join(", ", element.EnumerateArray().Select(Write))}]",
        JsonValueKind.Object => Object(element.EnumerateObject().Select(property => (property.Name, Write(property.Value)))),
        _ => element.GetRawText(),
    };

    private static string Object(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(", ", members.Select(member => $"{Quote(member.Name)}: {member.Value}"))}}}";
}
