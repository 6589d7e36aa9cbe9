using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>
/// What an entry says, and its canonical form: JSON as RFC 8785 (JCS) writes it, with the members <c>action, actor, at, decision, details, object, request_id, seq, stream,
/// tenant, v</c>. The text is kept as it was hashed, so that whoever verifies needs no serializer.
/// </summary>
internal sealed record AuditBody(
    string Tenant, string Stream, long Sequence, string At, string Actor, string Action, string Object, AuditDecision Decision, string? RequestId, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>Version of the form.</summary>
    public const int Version = 1;

    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static c => (char)c), '"', '\\']);

    /// <summary>UTC to the microsecond, always of the same length: sorted as a text it is sorted in time.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture);

    /// <summary>The moment of a text of <see cref="Time(DateTimeOffset)"/>; null when it is none.</summary>
    public static DateTimeOffset? Time(string at) =>
        DateTimeOffset.TryParseExact(at, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    /// <summary>As it is written everywhere.</summary>
    public static string Word(AuditDecision decision) => decision switch
    {
        AuditDecision.Allowed => "allowed",
        AuditDecision.AllowedWithMonitoring => "allowed_with_monitoring",
        AuditDecision.Denied => "denied",
        _ => "failed",
    };

    /// <summary>The decision of a word; null when it is none.</summary>
    public static AuditDecision? Decide(string word) => Enum.GetValues<AuditDecision>().Cast<AuditDecision?>().FirstOrDefault(decision => Word(decision!.Value) == word);

    /// <summary>The canonical form.</summary>
    public string Write()
    {
        var text = new StringBuilder(512);
        text.Append('{');
        Member(text, "action", Action).Append(',');
        Member(text, "actor", Actor).Append(',');
        Member(text, "at", At).Append(',');
        Member(text, "decision", Word(Decision)).Append(",\"details\":{");
        var first = true;
        foreach (var (name, value) in Details.OrderBy(static each => each.Key, StringComparer.Ordinal))
        {
            Member(first ? text : text.Append(','), name, value);
            first = false;
        }

        Member(text.Append("},"), "object", Object).Append(',');
        Member(text, "request_id", RequestId).Append(",\"seq\":").Append(CultureInfo.InvariantCulture, $"{Sequence}").Append(',');
        Member(text, "stream", Stream).Append(',');
        return Member(text, "tenant", Tenant).Append(",\"v\":").Append(CultureInfo.InvariantCulture, $"{Version}").Append('}').ToString();
    }

    /// <summary>Reads a body; null when it is not exactly what <see cref="Write"/> gives.</summary>
    public static AuditBody? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var body = new AuditBody(
                Text(root, "tenant"), Text(root, "stream"), root.GetProperty("seq").GetInt64(), Text(root, "at"), Text(root, "actor"), Text(root, "action"), Text(root, "object"),
                Decide(Text(root, "decision")) ?? throw new FormatException("No such decision."), root.GetProperty("request_id").GetString(),
                root.GetProperty("details").EnumerateObject().ToDictionary(static each => each.Name, static each => each.Value.GetString() ?? "", StringComparer.Ordinal));
            return body.Write() == text ? body : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    private static StringBuilder Member(StringBuilder text, string name, string? value) =>
        value is null ? Quote(text, name).Append(":null") : Quote(Quote(text, name).Append(':'), value);

    /// <summary>RFC 8785, section 3.2.2.2: the short escapes where there are any, other controls as \u00xx in lower case, everything else as it is.</summary>
    private static StringBuilder Quote(StringBuilder text, string value)
    {
        text.Append('"');
        var rest = value.AsSpan();
        while (rest.IndexOfAny(Escaped) is >= 0 and var at)
        {
            text.Append(rest[..at]);
            _ = rest[at] switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                var other => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)other:x4}"),
            };
            rest = rest[(at + 1)..];
        }

        return text.Append(rest).Append('"');
    }
}
