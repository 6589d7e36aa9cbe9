using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Web.Components.Pages.Tools;

/// <summary>A form made of a tool's schema: a field for each member that is simple, and JSON for the rest. The API checks; the form only helps to write.</summary>
internal sealed class ToolArgumentsForm
{
    private ToolArgumentsForm(IReadOnlyList<ToolArgument> fields) => Fields = fields;

    /// <summary>The members, those that must be there first.</summary>
    public IReadOnlyList<ToolArgument> Fields { get; }

    /// <summary>The form of a schema.</summary>
    public static ToolArgumentsForm Of(JsonElement? schema)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("properties", out var members) || members.ValueKind != JsonValueKind.Object)
        {
            return new ToolArgumentsForm([]);
        }

        var required = root.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(static name => name.GetString()).ToHashSet() : [];
        return new ToolArgumentsForm([.. members.EnumerateObject().Select(member => Field(member, required.Contains(member.Name))).OrderByDescending(static field => field.IsRequired)]);
    }

    /// <summary>The arguments as they are written now, or the name of a member that is no JSON.</summary>
    public bool TryWrite(out JsonElement arguments, out string? wrong)
    {
        var root = new JsonObject();
        wrong = null;
        foreach (var field in Fields.Where(static field => field.Text.Length > 0))
        {
            if (!field.TryRead(out var value))
            {
                wrong = field.Name;
                arguments = default;
                return false;
            }

            root[field.Name] = value;
        }

        arguments = JsonSerializer.SerializeToElement(root);
        return true;
    }

    /// <summary>A JSON object; nothing is null.</summary>
    public static bool TryParse(string text, out JsonElement? value)
    {
        value = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            value = document.RootElement.Clone();
            return value.Value.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ToolArgument Field(JsonProperty member, bool required)
    {
        var schema = member.Value;
        var is_ = schema.ValueKind == JsonValueKind.Object;
        var choices = is_ && schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.EnumerateArray().All(static value => value.ValueKind == JsonValueKind.String)
            ? values.EnumerateArray().Select(static value => value.GetString()!).ToList()
            : [];
        var type = is_ && schema.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : choices.Count > 0 ? "string" : "json";
        var help = is_ && schema.TryGetProperty("description", out var words) && words.ValueKind == JsonValueKind.String ? words.GetString() : null;
        return new ToolArgument(member.Name, type, help, required, choices);
    }
}

/// <summary>One field.</summary>
/// <param name="name">The member.</param>
/// <param name="type">Its type in the schema; <c>json</c> where it is none of the simple ones.</param>
/// <param name="help">What the schema says about it.</param>
/// <param name="isRequired">Whether it must be there.</param>
/// <param name="choices">The texts there are; empty: any.</param>
internal sealed class ToolArgument(string name, string type, string? help, bool isRequired, IReadOnlyList<string> choices)
{
    public string Name => name;

    public string? Help => help;

    public bool IsRequired => isRequired;

    public IReadOnlyList<string> Choices => choices;

    /// <summary>True for what is written as JSON.</summary>
    public bool IsJson => type is not ("string" or "number" or "integer" or "boolean");

    /// <summary>True for yes or no.</summary>
    public bool IsFlag => type == "boolean";

    /// <summary>True for numbers.</summary>
    public bool IsNumber => type is "number" or "integer";

    /// <summary>What is typed; empty: the member is left out.</summary>
    public string Text { get; set; } = "";

    /// <summary>The value, or false where it is none.</summary>
    public bool TryRead(out JsonNode? value)
    {
        value = null;
        try
        {
            value = type switch
            {
                "string" => JsonValue.Create(Text),
                "integer" or "number" => decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
                "boolean" => JsonValue.Create(Text == "true"),
                _ => JsonNode.Parse(Text),
            };
            return value is not null || IsJson;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
