using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>Links, roots and the key as lines of JSON: the form of an export and of the file of roots.</summary>
internal static class AuditLines
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first line of an export.</summary>
    public static string Head(string publicKey, string at) => Line("export", json =>
    {
        json.WriteNumber("v", AuditBody.Version);
        json.WriteString("at", at);
        json.WriteString("public_key", publicKey);
    });

    public static string Write(AuditRoot root) => Line("root", json =>
    {
        json.WriteNumber("size", root.Size);
        json.WriteString("hash", Hex(root.Hash));
        json.WriteString("at", root.At);
        json.WriteString("signature", Convert.ToBase64String(root.Signature));
        json.WriteString("key_id", root.KeyId);
    });

    /// <summary>A link; one of another tenant has no body, one that is gone no hash.</summary>
    public static string Write(AuditLink link) => Line("entry", json =>
    {
        json.WriteString("stream", link.Stream);
        json.WriteNumber("seq", link.Sequence);
        Text("previous", link.Previous is null ? null : Hex(link.Previous));
        Text("hash", link.Hash is null ? null : Hex(link.Hash));
        Text("body", link.Body);
        if (link.Place is { } place)
        {
            json.WriteNumber("leaf", place);
            json.WriteString("leaf_of", Hex(link.Leaf!));
        }

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    });

    /// <summary>A line: a link, a root or the text of the public key; null when it is none of them.</summary>
    public static object? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return json.GetProperty("type").GetString() switch
            {
                "export" => json.GetProperty("public_key").GetString(),
                "root" => new AuditRoot(
                    json.GetProperty("size").GetInt64(), Hash(json, "hash")!, Text(json, "at")!, Convert.FromBase64String(Text(json, "signature")!), Text(json, "key_id")!),
                "entry" => new AuditLink(
                    Text(json, "stream")!, json.GetProperty("seq").GetInt64(), Hash(json, "previous"), Hash(json, "hash"), null, Text(json, "body"),
                    json.TryGetProperty("leaf", out var leaf) ? leaf.GetInt64() : null, Hash(json, "leaf_of")),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }

    /// <summary>The roots of a file; a line that is none is null.</summary>
    public static async Task<IReadOnlyList<AuditRoot?>> RootsAsync(TextReader reader, CancellationToken cancellation)
    {
        var roots = new List<AuditRoot?>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            roots.Add(Read(line) as AuditRoot);
        }

        return roots;
    }

    public static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static string Line(string type, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static byte[]? Hash(JsonElement json, string name)
    {
        var hash = Text(json, name) is { } hex ? Convert.FromHexString(hex) : null;
        return hash is null or { Length: AuditEntry.HashBytes } ? hash : throw new FormatException($"{name} is no SHA-256.");
    }
}
