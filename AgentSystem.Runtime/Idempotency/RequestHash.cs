using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Idempotency;

/// <summary>What makes two requests the same, as SHA-256: neither keys nor bodies are kept.</summary>
public static class RequestHash
{
    /// <summary>Of API key, path and idempotency key: within it a key is used once.</summary>
    public static byte[] Scope(string keyId, string path, string idempotencyKey) => Of([Encoding.UTF8.GetBytes(keyId), Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(idempotencyKey)]);

    /// <summary>Of all the client sent.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="mediaType">Of the body, without parameters.</param>
    /// <param name="boundary">Of a multipart body: a client that repeats an upload chooses another one, so it does not count. Null for other bodies.</param>
    /// <param name="body">The bytes.</param>
    public static byte[] Body(string query, string mediaType, string? boundary, ReadOnlyMemory<byte> body)
    {
        var parts = new List<ReadOnlyMemory<byte>> { Encoding.UTF8.GetBytes(query), Encoding.UTF8.GetBytes(mediaType) };
        if (string.IsNullOrEmpty(boundary))
        {
            parts.Add(body);
            return Of(parts);
        }

        var mark = Encoding.UTF8.GetBytes("--" + boundary);
        for (var at = body.Span.IndexOf(mark); at >= 0; at = body.Span.IndexOf(mark))
        {
            parts.Add(body[..at]);
            body = body[(at + mark.Length)..];
        }

        parts.Add(body);
        return Of(parts);
    }

    /// <summary>Each part behind its length, so that no two lists of parts are the same bytes.</summary>
    private static byte[] Of(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part.Span);
        }

        return hash.GetHashAndReset();
    }
}
