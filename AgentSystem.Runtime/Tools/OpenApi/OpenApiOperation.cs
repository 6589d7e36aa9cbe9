using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Schemas;

namespace AgentSystem.Runtime.Tools.OpenApi;

/// <summary>One operation: its parameters and body become arguments.</summary>
/// <param name="document">Where references lead.</param>
/// <param name="item">The path it is under, whose parameters it shares.</param>
/// <param name="operation">The operation.</param>
internal sealed partial class OpenApiOperation(JsonElement document, JsonElement item, JsonElement operation)
{
    private const int LongestDescription = 1_000;

    // Not parameters by the specification (OpenAPI 3.1, 4.8.12.2.1), or ours.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase) { "Accept", "Content-Type", "Authorization", "Idempotency-Key", "Host", "Content-Length", "Cookie", "Connection", "Transfer-Encoding" };

    private readonly OpenApiSchemas schemas = new(document);
    private readonly JsonObject properties = [];
    private readonly JsonArray required = [];
    private readonly List<HttpParameter> parameters = [];

    /// <summary>The tool.</summary>
    /// <exception cref="OpenApiException">It cannot be used.</exception>
    public ImportedTool Read(string name, string method, string path, string address)
    {
        if (operation.TryGetProperty("servers", out _) || item.TryGetProperty("servers", out _))
        {
            throw new OpenApiException("it names servers of its own");
        }

        foreach (var parameter in Parameters())
        {
            Add(parameter);
        }

        var loose = Braces().Matches(path).Select(static match => match.Groups[1].Value).FirstOrDefault(part => !parameters.Exists(parameter => parameter.In == "path" && parameter.Name == part));
        if (loose is not null)
        {
            throw new OpenApiException($"its path has the part {{{loose}}}, which no parameter describes");
        }

        var body = Body();
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
        schemas.AddDefinitions(schema);
        var element = JsonSerializer.SerializeToElement(schema);
        return ToolSchema.Read(element).Problem is { } problem
            ? throw new OpenApiException(problem)
            : new ImportedTool(
                name, Description(method, path), element, Effect(method), address, new HttpOperation(method.ToUpperInvariant(), path, parameters, body));
    }

    private static ToolEffect Effect(string method) => method switch
    {
        "get" or "head" => ToolEffect.Read,
        "put" or "delete" => ToolEffect.Idempotent,
        _ => ToolEffect.Once,
    };

    private string Description(string method, string path)
    {
        var texts = new[] { "summary", "description" }.Select(member => operation.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "").Where(static text => text.Length > 0).Distinct();
        var said = OpenApiText.Line(string.Join(". ", texts), LongestDescription);
        return said.Length > 0 ? said : $"{method.ToUpperInvariant()} {path}";
    }

    /// <summary>Those of the path, and those of the operation, which come in their place.</summary>
    private IEnumerable<JsonElement> Parameters()
    {
        var all = new Dictionary<(string, string), JsonElement>();
        foreach (var of in new[] { item, operation })
        {
            if (of.TryGetProperty("parameters", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                foreach (var parameter in list.EnumerateArray().Select(schemas.Follow))
                {
                    all[(Text(parameter, "in"), Text(parameter, "name"))] = parameter;
                }
            }
        }

        return all.Values;
    }

    private void Add(JsonElement parameter)
    {
        var (name, place) = (Text(parameter, "name"), Text(parameter, "in"));
        var needed = Is(parameter, "required") || place == "path";
        if (place == "header" && OwnHeaders.Contains(name))
        {
            return;
        }

        if (Unusable(parameter, place) is { } reason)
        {
            // What may be left out is left out.
            if (needed)
            {
                throw new OpenApiException($"its parameter \"{name}\" {reason}");
            }

            return;
        }

        var argument = Free(Odd().Replace(name, "_"), place);
        properties[argument] = schemas.Convert(parameter.TryGetProperty("schema", out var schema) ? schema : default, Text(parameter, "description"));
        if (needed)
        {
            required.Add(argument);
        }

        parameters.Add(new HttpParameter(argument, name, place, !parameter.TryGetProperty("explode", out var explode) || explode.ValueKind != JsonValueKind.False));
    }

    private string? Unusable(JsonElement parameter, string place)
    {
        var style = Text(parameter, "style");
        return place switch
        {
            not ("path" or "query" or "header") => $"goes into a {(place.Length == 0 ? "place that is not named" : place)}",
            _ when parameter.TryGetProperty("content", out _) => "is written in a format of its own",
            "query" when style is not ("" or "form") => $"is written in the style {style}",
            "path" or "header" when style is not ("" or "simple") => $"is written in the style {style}",
            _ => parameter.TryGetProperty("schema", out var schema) && schemas.IsObject(schema) ? "is an object" : null,
        };
    }

    private string? Body()
    {
        if (!operation.TryGetProperty("requestBody", out var given))
        {
            return null;
        }

        var body = schemas.Follow(given);
        if (!body.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var json = content.EnumerateObject().FirstOrDefault(static each => IsJson(each.Name));
        if (json.Value.ValueKind != JsonValueKind.Object)
        {
            return Is(body, "required")
                ? throw new OpenApiException($"its body is {string.Join(" or ", content.EnumerateObject().Select(static each => each.Name).Take(3))}; only JSON is sent")
                : null;
        }

        var argument = Free("body", "body");
        properties[argument] = schemas.Convert(json.Value.TryGetProperty("schema", out var schema) ? schema : default, Text(body, "description"));
        if (Is(body, "required"))
        {
            required.Add(argument);
        }

        return argument;
    }

    private static bool IsJson(string media)
    {
        var type = media.Split(';')[0].Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) || type == "*/*";
    }

    private string Free(string name, string place) => !properties.ContainsKey(name) ? name : !properties.ContainsKey($"{name}_{place}") ? $"{name}_{place}" : Free($"{name}_", place);

    private static string Text(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static bool Is(JsonElement of, string member) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var flag) && flag.ValueKind == JsonValueKind.True;

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Braces();

    // What providers of models allow in names of arguments.
    [GeneratedRegex("[^A-Za-z0-9_.-]")]
    private static partial Regex Odd();
}
