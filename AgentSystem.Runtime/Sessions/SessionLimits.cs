using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What names and values can be kept. One that cannot would take down the batch it shares a commit with, so everything is looked at before.</summary>
public static class SessionLimits
{
    /// <summary>Longest name of a session or key, in characters.</summary>
    public const int MaxName = 200;

    /// <summary>Most updates of one change.</summary>
    public const int MaxUpdates = 100;

    /// <summary>Deepest nesting of a value; a view adds two levels, and an answer may have <see cref="Contracts.Json.PlatformJson.MaxDepth"/>.</summary>
    public const int MaxDepth = 32;

    private const int MaxNumber = 64;

    /// <summary>Null when the name can be kept; otherwise what it must be.</summary>
    public static string? NameProblem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is 0 or > MaxName || name.Contains('\0', StringComparison.Ordinal) || !Encodes(name) ? $"1 to {MaxName} characters, none of them U+0000" : null;
    }

    /// <summary>Null when the value can be kept; otherwise what it must be.</summary>
    /// <param name="json">The value.</param>
    /// <param name="maxBytes">Largest size, in bytes of JSON.</param>
    public static string? ValueProblem(JsonElement json, int maxBytes) =>
        Depth(json, MaxDepth) ? $"nested at most {MaxDepth} deep"
        : Unkept(json) ? $"made of texts without U+0000 or half characters, and of numbers of at most {MaxNumber} characters that a double can hold"
        : Bytes(Text(json)) > maxBytes ? $"at most {maxBytes} bytes of JSON (Sessions:MaxValueBytes)"
        : null;

    /// <summary>The value as it is kept: without blanks between its parts.</summary>
    public static string Text(JsonElement json) => JsonSerializer.Serialize(json, StoredValues.Options);

    internal static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static bool Depth(JsonElement json, int left) => json.ValueKind switch
    {
        JsonValueKind.Object => left == 0 || json.EnumerateObject().Any(member => Depth(member.Value, left - 1)),
        JsonValueKind.Array => left == 0 || json.EnumerateArray().Any(item => Depth(item, left - 1)),
        _ => false,
    };

    private static bool Unkept(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(static member => !Keepable(member.Name) || Unkept(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(Unkept),
        JsonValueKind.String => !Keepable(json.GetString()!),
        JsonValueKind.Number => json.GetRawText() is var number && (number.Length > MaxNumber || !IsFinite(number)),
        _ => false,
    };

    private static bool IsFinite(string number) => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var size) && double.IsFinite(size)
        && (size != 0 || !number.Contains('e', StringComparison.OrdinalIgnoreCase));

    private static bool Keepable(string text) => !text.Contains('\0', StringComparison.Ordinal) && Encodes(text);

    private static bool Encodes(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
