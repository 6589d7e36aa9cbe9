using System.Text.Json;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>Reads a schema keyword by keyword. What it does not understand is refused by name: a rule that is silently not checked would be worse than none.</summary>
internal sealed class SchemaReader
{
    /// <summary>Most characters of a schema's JSON.</summary>
    public const int Longest = 64 * 1024;

    /// <summary>Deepest nesting.</summary>
    public const int Deepest = 32;

    private const int MostNodes = 2_000;

    // They say something to people or other programs, and nothing about which values fit.
    private static readonly HashSet<string> Remarks = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "$anchor", "title", "deprecated", "readOnly", "writeOnly", "externalDocs", "xml", "discriminator", "contentEncoding", "contentMediaType", "$defs", "definitions",
    };

    private static readonly HashSet<string> Understood = new(StringComparer.Ordinal)
    {
        "type", "description", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format",
        "items", "minItems", "maxItems", "uniqueItems", "properties", "required", "additionalProperties", "anyOf", "oneOf", "allOf", "$ref", "default", "examples", "example", "nullable",
    };

    private readonly Dictionary<string, SchemaNode> definitions = new(StringComparer.Ordinal);
    private readonly JsonElement root;
    private int nodes;

    private SchemaReader(JsonElement root) => this.root = root;

    /// <summary>The schema, or what is wrong with it.</summary>
    public static (ToolSchema? Schema, string? Problem) Read(JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            return (null, "\"schema\" must be a JSON Schema, an object such as {\"type\":\"object\",\"properties\":{...}}");
        }

        if (source.GetRawText().Length > Longest)
        {
            return (null, $"\"schema\" has more than {Longest} characters");
        }

        var reader = new SchemaReader(source);
        try
        {
            var node = reader.Node(source, "schema", 0);
            reader.Untangle();
            var first = new ToolSchema(source, node, reader.definitions);
            return first.Resolve(node).Kinds == JsonKinds.Object
                ? (first, null)
                : (null, "\"schema\" must have \"type\":\"object\": a tool takes its arguments by name");
        }
        catch (SchemaException e)
        {
            return (null, e.Message);
        }
    }

    private SchemaNode Node(JsonElement schema, string at, int depth)
    {
        if (depth > Deepest || ++nodes > MostNodes)
        {
            throw new SchemaException($"\"{at}\" lies too deep, or the schema has too many parts: at most {Deepest} levels and {MostNodes} parts");
        }

        if (schema.ValueKind == JsonValueKind.True)
        {
            return SchemaNode.Any;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException($"\"{at}\" must be a schema, an object");
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (!Understood.Contains(member.Name) && !Remarks.Contains(member.Name) && !member.Name.StartsWith("x-", StringComparison.Ordinal))
            {
                throw new SchemaException($"\"{at}\" uses \"{member.Name}\", which is not understood; use {string.Join(", ", Understood.Order(StringComparer.Ordinal))}");
            }
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return new SchemaNode { Reference = Define(SchemaParts.Text(reference, $"{at}.$ref"), at, depth), Description = SchemaParts.Description(schema) };
        }

        return schema.TryGetProperty("allOf", out _) ? Node(new SchemaMerge(root).All(schema, at), at, depth + 1) : Plain(schema, at, depth);
    }

    private SchemaNode Plain(JsonElement schema, string at, int depth)
    {
        var kinds = SchemaParts.Kinds(schema, at);
        var members = schema.TryGetProperty("properties", out var properties) ? Members(properties, $"{at}.properties", depth) : null;
        var (any, one) = (schema.TryGetProperty("anyOf", out var anyOf), schema.TryGetProperty("oneOf", out var oneOf));
        if (any && one)
        {
            throw new SchemaException($"\"{at}\" has both \"anyOf\" and \"oneOf\"; use one of them");
        }

        return new SchemaNode
        {
            Kinds = kinds == JsonKinds.None && members is not null ? JsonKinds.Object : kinds,
            Description = SchemaParts.Description(schema),
            Values = SchemaParts.Values(schema, at),
            Numbers = SchemaParts.Numbers(schema, at),
            Texts = SchemaParts.Texts(schema, at),
            Lists = SchemaParts.Lists(schema, at),
            Items = schema.TryGetProperty("items", out var items) ? Node(items, $"{at}.items", depth + 1) : null,
            Members = members ?? (schema.TryGetProperty("additionalProperties", out _) ? [] : null),
            Required = Required(schema, members, at),
            Others = Others(schema, at, depth),
            Choices = any ? Choices(anyOf, $"{at}.anyOf", depth) : one ? Choices(oneOf, $"{at}.oneOf", depth) : null,
            OnlyOne = one,
            Example = SchemaParts.Example(schema),
        };
    }

    private List<KeyValuePair<string, SchemaNode>> Members(JsonElement properties, string at, int depth)
    {
        if (properties.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException($"\"{at}\" must be an object of schemas by name");
        }

        var members = new List<KeyValuePair<string, SchemaNode>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in properties.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                throw new SchemaException($"\"{at}\" names \"{member.Name}\" twice");
            }

            members.Add(KeyValuePair.Create(member.Name, Node(member.Value, $"{at}.{member.Name}", depth + 1)));
        }

        return members;
    }

    private static List<string> Required(JsonElement schema, List<KeyValuePair<string, SchemaNode>>? members, string at)
    {
        var required = new List<string>();
        if (!schema.TryGetProperty("required", out var list))
        {
            return required;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new SchemaException($"\"{at}.required\" must be a list of names");
        }

        foreach (var name in list.EnumerateArray().Select(item => SchemaParts.Text(item, $"{at}.required")))
        {
            // A member that must be there and may not be there could never be satisfied.
            if (members is not null && members.TrueForAll(member => member.Key != name) && !IsOpen(schema))
            {
                throw new SchemaException($"\"{at}.required\" names \"{name}\", which \"properties\" does not have");
            }

            required.Add(name);
        }

        return required;
    }

    private static bool IsOpen(JsonElement schema) => schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False;

    private SchemaNode? Others(JsonElement schema, string at, int depth) =>
        IsOpen(schema) ? Node(schema.GetProperty("additionalProperties"), $"{at}.additionalProperties", depth + 1) : null;

    private List<SchemaNode> Choices(JsonElement list, string at, int depth) => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
        ? [.. list.EnumerateArray().Select((each, i) => Node(each, $"{at}[{i}]", depth + 1))]
        : throw new SchemaException($"\"{at}\" must be a list of schemas");

    private string Define(string reference, string at, int depth)
    {
        if (!definitions.ContainsKey(reference))
        {
            var target = SchemaMerge.Find(root, reference, at);
            // Reserved first: a definition may refer to itself.
            definitions[reference] = SchemaNode.Any;
            definitions[reference] = reference == "#" ? new SchemaNode { Reference = "#" } : Node(target, reference, depth + 1);
        }

        return reference;
    }

    /// <summary>References that lead only to references would never end.</summary>
    private void Untangle()
    {
        foreach (var (name, node) in definitions)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { name };
            for (var current = node; current.Reference is { } next; current = definitions[next])
            {
                if (!seen.Add(next))
                {
                    throw new SchemaException($"the reference \"{name}\" leads back to itself");
                }
            }
        }
    }
}

/// <summary>A schema that cannot be used; the message is for people.</summary>
internal sealed class SchemaException(string message) : Exception(message);
