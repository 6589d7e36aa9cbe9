using System.Text;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Sealed JSON documents in columns of JSON or text: a JSON string that begins with <c>sealed:</c>. Documents of ours are objects and lists, so that one is never taken for the other.</summary>
internal static class SealedJson
{
    /// <summary>How a sealed document begins.</summary>
    public const string Start = "\"sealed:";

    /// <summary>The document, sealed; an empty one, which says nothing, as it is.</summary>
    public static async ValueTask<string> SealAsync(this ISecretBox box, SealedPlace place, string json, CancellationToken cancellation) =>
        json is "[]" or "{}" ? json : Write(await box.SealAsync(place, Encoding.UTF8.GetBytes(json), cancellation));

    /// <summary>The document again; one that was never sealed as it is.</summary>
    public static async ValueTask<(string? Json, SealFailure? Failure)> OpenAsync(this ISecretBox box, SealedPlace place, string stored, CancellationToken cancellation)
    {
        if (!stored.StartsWith(Start, StringComparison.Ordinal))
        {
            return (stored, null);
        }

        var opened = await box.OpenAsync(place, Read(stored), cancellation);
        return opened.Value is { } value ? (Encoding.UTF8.GetString(value), null) : (null, opened.Failure);
    }

    /// <summary>Sealed bytes as a document.</summary>
    public static string Write(byte[] sealedBytes) => $"{Start}{Convert.ToBase64String(sealedBytes)}\"";

    /// <summary>The bytes in a sealed document; none where it is broken.</summary>
    public static byte[] Read(string stored)
    {
        var bytes = new byte[stored.Length];
        return Convert.TryFromBase64String(stored[Start.Length..].TrimEnd('"'), bytes, out var length) ? bytes[..length] : [];
    }
}
