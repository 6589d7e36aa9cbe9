using System.Buffers.Text;
using System.Text.Json;

namespace AgentSystem.Api.Identity;

/// <summary>The header of a token, read before anything it says is believed (RFC 7515; RFC 8725 sections 3.1, 3.2, 3.10 and 3.11).</summary>
/// <param name="Algorithm">One of those that are taken.</param>
/// <param name="KeyId">Which of the authority's keys; null where it names none.</param>
internal sealed record TokenForm(string Algorithm, string? KeyId)
{
    /// <summary>Longest token that is looked at, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const int MaxKeyId = 256;

    // What brings or fetches a key of the sender's own choosing, and what asks for more than is understood here.
    private static readonly string[] Refused = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"];

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>True for three parts of which the first is an object in base64url; a key never looks like that.</summary>
    public static bool LooksLikeOne(string secret) => secret.StartsWith("eyJ", StringComparison.Ordinal) && secret.Count(static letter => letter == '.') == 2;

    /// <summary>The form, or null when the token is not one that is looked at further.</summary>
    /// <param name="token">As it was sent.</param>
    /// <param name="algorithms">Those that are taken.</param>
    /// <param name="types">Values of <c>typ</c> that are taken.</param>
    public static TokenForm? Read(string token, IReadOnlyCollection<string> algorithms, IReadOnlyCollection<string> types)
    {
        if (token.Length > MaxLength)
        {
            return null;
        }

        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal))), Strict);
            var root = header.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Refused.Any(name => root.TryGetProperty(name, out _)))
            {
                return null;
            }

            var (algorithm, type, key) = (Text(root, "alg"), Text(root, "typ"), Text(root, "kid"));
            return algorithm is not null && algorithms.Contains(algorithm, StringComparer.Ordinal)
                && type is not null && types.Contains(Short(type), StringComparer.OrdinalIgnoreCase)
                && (key is not null || !root.TryGetProperty("kid", out _)) && key is not { Length: 0 or > MaxKeyId }
                ? new TokenForm(algorithm, key)
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement header, string name) =>
        header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>RFC 7515, section 4.1.9: <c>application/</c> may be left out.</summary>
    private static string Short(string type) => type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) ? type["application/".Length..] : type;
}
