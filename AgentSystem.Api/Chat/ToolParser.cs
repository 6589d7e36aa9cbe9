using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>Reads the client's own tools. They are declared to the model and their calls are handed back; the platform never runs them.</summary>
internal static class ToolParser
{
    /// <summary>Largest schema of one tool, in characters: decoding follows the schema, so its size is work on the engine's own thread.</summary>
    private const int MaxSchemaLength = 65_536;

    /// <summary>Most parameters of one tool.</summary>
    private const int MaxParameters = 128;

    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <summary>The declared tools; null when there are none.</summary>
    public static List<AITool>? ReadTools(JsonElement root)
    {
        var tools = root.Items("tools", "tools").Select(tool => (AITool)Read(tool.Item, tool.Path)).ToList();
        if (tools.GroupBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Members.Wrong("tools", $"a list of differently named tools; \"{twice.Key}\" is declared twice");
        }

        return tools.Count == 0 ? null : tools;
    }

    /// <summary>The tool choice; null leaves it to the model.</summary>
    /// <param name="tools">What <see cref="ReadTools"/> gave: only these may be demanded. An agent's own tools are its own affair.</param>
    public static ChatToolMode? ReadChoice(JsonElement root, IReadOnlyList<AITool>? tools)
    {
        switch (root.Get("tool_choice"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } word:
                return word.GetString() switch
                {
                    "auto" => ChatToolMode.Auto,
                    "none" => ChatToolMode.None,
                    "required" when tools is null => throw Members.Wrong("tool_choice", "\"auto\" or \"none\" where \"tools\" declares none; declare the tool that is to be called"),
                    "required" => ChatToolMode.RequireAny,
                    _ => throw Members.Wrong("tool_choice", "\"auto\", \"none\", \"required\" or a function"),
                };
            case { ValueKind: JsonValueKind.Object } named when named.Get("function") is { ValueKind: JsonValueKind.Object } function && function.Text("name", "tool_choice.function.name") is { Length: > 0 } name:
                return tools?.Any(tool => tool.Name == name) == true
                    ? ChatToolMode.RequireSpecific(name)
                    : throw Members.Wrong("tool_choice", "a function that \"tools\" declares");
            default:
                throw Members.Wrong("tool_choice", "\"auto\", \"none\", \"required\" or a function");
        }
    }

    private static AIFunctionDeclaration Read(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object || tool.Text("type", path + ".type") is not (null or "function") || tool.Get("function") is not { ValueKind: JsonValueKind.Object } function)
        {
            throw Members.Wrong(path, "{\"type\": \"function\", \"function\": {\"name\", \"description\", \"parameters\"}}");
        }

        return Declare(function, path + ".function");
    }

    /// <summary>A function's name, description and parameters, wherever an endpoint has them.</summary>
    public static AIFunctionDeclaration Declare(JsonElement function, string path)
    {
        var name = function.Text("name", path + ".name");
        if (string.IsNullOrEmpty(name) || name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw Members.Wrong(path + ".name", "1 to 64 letters, digits, _ or -");
        }

        var parameters = function.Get("parameters") switch
        {
            null => NoParameters,
            { ValueKind: JsonValueKind.Object } schema => Bounded(schema, path + ".parameters").Clone(),
            _ => throw Members.Wrong(path + ".parameters", "a JSON schema object"),
        };
        return AIFunctionFactory.CreateDeclaration(name, function.Text("description", path + ".description"), parameters);
    }

    private static JsonElement Bounded(JsonElement schema, string path)
    {
        if (schema.GetRawText().Length > MaxSchemaLength)
        {
            throw Members.Wrong(path, $"a schema of at most {MaxSchemaLength} characters");
        }

        return schema.Get("properties") is { ValueKind: JsonValueKind.Object } properties && properties.EnumerateObject().Count() > MaxParameters
            ? throw Members.Wrong(path, $"a schema of at most {MaxParameters} properties")
            : schema;
    }
}
