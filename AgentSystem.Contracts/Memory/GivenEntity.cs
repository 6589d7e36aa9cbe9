using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentSystem.Contracts.Memory;

/// <summary>An entity as callers give it: its name alone, or an object with <c>name</c> and <c>type</c>.</summary>
[JsonConverter(typeof(GivenEntityConverter))]
public sealed record GivenEntity(string Name, string? Type = null);

/// <summary>Reads both forms; writes the second.</summary>
internal sealed class GivenEntityConverter : JsonConverter<GivenEntity>
{
    public override GivenEntity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new GivenEntity(reader.GetString()!);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An entity is a text, or an object with \"name\" and \"type\".");
        }

        var (name, type) = ((string?)null, (string?)null);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "name" when reader.TokenType == JsonTokenType.String && name is null:
                    name = reader.GetString();
                    break;
                case "type" when reader.TokenType == JsonTokenType.String && type is null:
                    type = reader.GetString();
                    break;
                default:
                    throw new JsonException($"The JSON property '{member}' could not be mapped to any .NET member contained in type '{nameof(GivenEntity)}': an entity has a name and a type, both texts, each once.");
            }
        }

        return new GivenEntity(name ?? throw new JsonException("An entity needs a \"name\"."), type);
    }

    public override void Write(Utf8JsonWriter writer, GivenEntity value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        if (value.Type is { } type)
        {
            writer.WriteString("type", type);
        }

        writer.WriteEndObject();
    }
}
