using System.Text.Json;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools;

/// <summary>A tool bound to one run: checks the arguments against the schema's members, then calls the tool.</summary>
/// <param name="tool">Gives name and description.</param>
/// <param name="schema">A JSON schema whose properties are all texts.</param>
/// <param name="invoke">Gets the texts by name (absent optional ones are not in it) and returns what the model reads.</param>
internal sealed class ToolFunction(ITool tool, JsonElement schema, Func<IReadOnlyDictionary<string, string>, CancellationToken, ValueTask<string>> invoke) : AIFunction
{
    public override string Name => tool.Name;

    public override string Description => tool.Description;

    public override JsonElement JsonSchema => schema;

    /// <summary>Parses a schema written in source.</summary>
    public static JsonElement Schema(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (!TryRead(arguments, out var texts, out var error))
        {
            return $"error: {error}";
        }

        try
        {
            return await invoke(texts, cancellationToken);
        }
        catch (RoleCallException e) when (e.NotStarted)
        {
            // What the tool needs is served by another process, which is away: the answer goes on without it and can say so.
            return $"error: {e.Message}";
        }
    }

    private bool TryRead(AIFunctionArguments arguments, out Dictionary<string, string> texts, out string error)
    {
        texts = new Dictionary<string, string>(StringComparer.Ordinal);
        error = "";
        var properties = schema.GetProperty("properties");
        foreach (var (name, value) in arguments)
        {
            if (!properties.TryGetProperty(name, out _))
            {
                error = $"unknown argument '{name}'; {tool.Name} takes {string.Join(", ", properties.EnumerateObject().Select(property => property.Name))}";
                return false;
            }

            switch (value)
            {
                case null or JsonElement { ValueKind: JsonValueKind.Null }:
                    break;
                case string text:
                    texts[name] = text;
                    break;
                case JsonElement { ValueKind: JsonValueKind.String } json:
                    texts[name] = json.GetString()!;
                    break;
                default:
                    error = $"'{name}' must be a text";
                    return false;
            }
        }

        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(item => item.GetString()!))
            {
                if (!texts.ContainsKey(name))
                {
                    error = $"'{name}' is missing";
                    return false;
                }
            }
        }

        return true;
    }
}
