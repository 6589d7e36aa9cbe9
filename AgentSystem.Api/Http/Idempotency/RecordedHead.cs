using System.Text.Json;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>The first event of a recorded answer: everything before its body.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="RequestId">The <c>x-request-id</c> it had the first time.</param>
/// <param name="Headers">Those that matter.</param>
internal sealed record RecordedHead(int Status, string RequestId, IReadOnlyDictionary<string, string> Headers)
{
    private const string Ours = "x-agentsystem-";

    /// <summary>The others belong to one delivery: its id, its limits, its time, its length.</summary>
    private static readonly string[] Kept = ["Content-Type", "Content-Disposition", "Cache-Control", "ETag", "Location", "Retry-After", "X-Accel-Buffering", "x-should-retry"];

    /// <summary>True when the body is a stream of events, which readers get as it comes.</summary>
    public bool IsStream => Headers.TryGetValue("Content-Type", out var type) && IsEventStream(type);

    /// <summary>Whether a Content-Type is that of server-sent events.</summary>
    public static bool IsEventStream(string? contentType) => contentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The head of the answer as it is now.</summary>
    public static RecordedHead Of(HttpContext http) => new(
        http.Response.StatusCode,
        http.TraceIdentifier,
        http.Response.Headers.Where(static header => Kept.Contains(header.Key, StringComparer.OrdinalIgnoreCase) || header.Key.StartsWith(Ours, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    /// <summary>Reads it back.</summary>
    public static RecordedHead Read(ReadOnlyMemory<byte> recorded)
    {
        var head = JsonSerializer.Deserialize<RecordedHead>(recorded.Span, PlatformJson.Options) ?? throw new InvalidDataException("A recorded answer begins with the JSON word null; none is written that way.");
        return head with { Headers = head.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase) };
    }

    /// <summary>As it is recorded.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PlatformJson.Options);
}
