using System.Text.Json;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Memory;

/// <summary>What is wrong with a body, by the member's name.</summary>
internal static class MemoryBodies
{
    /// <summary>Most hits of a search.</summary>
    public const int MaxLimit = 50;

    private const int MaxThings = 20;
    private const int MaxName = 200;
    private const int MaxWord = 100;
    private const int MaxMetadata = 16_384;

    public static RunFailure? Refuse(CreateMemory body) =>
        Text(body.Text, "text")
        ?? (body.Kind == MemoryKind.Working && body.ThreadId is null ? Invalid("\"thread_id\" is missing: working memory belongs to a thread.", "thread_id") : null)
        ?? MemoryAccess.RefuseName(body.ThreadId, "thread_id")
        ?? (body.ValidTo <= (body.ValidFrom ?? DateTimeOffset.MinValue) ? Invalid("\"valid_to\" must lie after \"valid_from\".", "valid_to") : null)
        ?? Entities(body.Entities) ?? Relations(body.Relations) ?? Metadata(body.Metadata) ?? Source(body.Source);

    public static RunFailure? Refuse(ChangeMemory body) =>
        body is { Text: null, ValidFrom: null, ValidTo: null, Reopen: false, Entities: null, Metadata: null }
            ? Invalid("The body changes nothing; send \"text\", \"valid_from\", \"valid_to\", \"reopen\", \"entities\" or \"metadata\".", null)
            : (body.Text is { } text ? Text(text, "text") : null) ?? Entities(body.Entities) ?? Metadata(body.Metadata);

    public static RunFailure? Refuse(SearchMemory body) =>
        Text(body.Query, "query")
        ?? (body.Limit is < 1 or > MaxLimit ? Invalid($"\"limit\" must be from 1 to {MaxLimit}.", "limit") : null)
        ?? (body.Strategies is { Count: 0 } ? Invalid("\"strategies\" must name one at least; leave it out to have them chosen by the query.", "strategies") : null)
        ?? (body.Kinds is { Count: 0 } ? Invalid("\"kinds\" must name one at least; leave it out for all but working.", "kinds") : null)
        ?? (body.To <= body.From ? Invalid("\"to\" must lie after \"from\".", "to") : null)
        ?? MemoryAccess.RefuseName(body.ThreadId, "thread_id");

    /// <summary>Things as the memory keeps them.</summary>
    public static IReadOnlyList<MemoryEntity> Things(IReadOnlyList<GivenEntity>? given) => [.. (given ?? []).Select(static one => new MemoryEntity(one.Name.Trim(), one.Type ?? "name"))];

    private static RunFailure? Text(string text, string member) => MemoryLimits.Problem(text) is { } problem ? Invalid($"\"{member}\" {problem}.", member) : null;

    private static RunFailure? Entities(IReadOnlyList<GivenEntity>? entities) =>
        entities is null ? null
        : entities.Count > MaxThings ? Invalid($"\"entities\" may hold at most {MaxThings}.", "entities")
        : entities.Any(static entity => entity is null || IsWrong(entity.Name, MaxName) || (entity.Type is { } type && IsWrong(type, MaxWord)))
            ? Invalid($"Each of \"entities\" must be a name of 1 to {MaxName} characters, or an object with such a \"name\" and a \"type\" of 1 to {MaxWord}.", "entities")
        : null;

    private static RunFailure? Relations(IReadOnlyList<MemoryRelation>? relations) =>
        relations is null ? null
        : relations.Count > MaxThings ? Invalid($"\"relations\" may hold at most {MaxThings}.", "relations")
        : relations.Any(static relation => relation is null || IsWrong(relation.From, MaxName) || IsWrong(relation.To, MaxName) || IsWrong(relation.Relation, MaxWord))
            ? Invalid($"Each of \"relations\" needs \"from\" and \"to\" of 1 to {MaxName} characters and \"relation\" of 1 to {MaxWord}.", "relations")
        : null;

    private static RunFailure? Metadata(IReadOnlyDictionary<string, JsonElement>? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        var json = JsonSerializer.Serialize(metadata);
        return json.Length > MaxMetadata ? Invalid($"\"metadata\" may have at most {MaxMetadata:N0} characters of JSON.", "metadata")
            : json.Contains("\\u0000", StringComparison.Ordinal) ? Invalid("\"metadata\" holds the character U+0000; leave it out.", "metadata")
            : null;
    }

    private static RunFailure? Source(GivenSource? source) =>
        source is null ? null
        : MemoryAccess.RefuseName(source.RunId, "source.run_id") ?? MemoryAccess.RefuseName(source.Tool, "source.tool") ?? (source.Turn < 1 ? Invalid("\"source.turn\" counts from 1.", "source.turn") : null);

    private static bool IsWrong(string? text, int most) => string.IsNullOrWhiteSpace(text) || text.Length > most || text.Contains('\0', StringComparison.Ordinal);

    private static RunFailure Invalid(string message, string? member) => RunFailure.Invalid("invalid_value", message, member);
}
