using System.Text.Json;
using System.Text.Json.Serialization;
using NpgsqlTypes;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>How documents are written into <c>jsonb</c>: like the platform's JSON, but unknown members are skipped, because a newer host may have written the row.</summary>
internal static class StoredJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // jsonb does not keep the order of members, so the discriminator of a polymorphic document may come last.
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string Write<T>(T document) => JsonSerializer.Serialize(document, Options);

    public static NpgsqlParameter Parameter<T>(T document) => new() { Value = Write(document), NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new InvalidDataException($"A stored {typeof(T).Name} is the JSON word null; rows are never written that way.");
}
