using System.Text.Json;

namespace AgentSystem.Api.Identity;

/// <summary>The claims of a token whose signature was checked.</summary>
internal static class TokenClaims
{
    /// <summary>A text claim; dots lead inside. Null where there is none.</summary>
    public static string? Text(JsonElement claims, string path) =>
        Find(claims, path) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>The words of a claim: a list of texts, or one text with blanks between them.</summary>
    public static IReadOnlyList<string> Words(JsonElement claims, string path) => Find(claims, path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Where(static entry => entry.ValueKind == JsonValueKind.String).Select(static entry => entry.GetString()!)],
        _ => [],
    };

    /// <summary>A claim by its whole name first: a name may hold dots itself (<c>https://example.com/roles</c>).</summary>
    private static JsonElement? Find(JsonElement claims, string path)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (claims.TryGetProperty(path, out var whole))
        {
            return whole;
        }

        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && claims.TryGetProperty(path[..dot], out var inner) ? Find(inner, path[(dot + 1)..]) : null;
    }
}
