using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.Http;

/// <summary>Makes a request of the arguments of an operation. Each value is escaped whole, so that no argument becomes another part of the address.</summary>
internal static class OperationRequest
{
    /// <summary>The request; arguments fit the schema.</summary>
    public static HttpRequestMessage Make(ToolDefinition tool, HttpOperation operation, JsonElement arguments)
    {
        var (path, query) = (operation.Path, new List<string>());
        var headers = new List<(string Name, string Value)>();
        foreach (var parameter in operation.Parameters)
        {
            if (!arguments.TryGetProperty(parameter.Argument, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (parameter.In)
            {
                case "path":
                    path = path.Replace($"{{{parameter.Name}}}", Segment(parameter, value), StringComparison.Ordinal);
                    break;
                case "query" when parameter.Explode && value.ValueKind == JsonValueKind.Array:
                    query.AddRange(value.EnumerateArray().Select(item => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(Text(item))}"));
                    break;
                case "query":
                    query.Add($"{Uri.EscapeDataString(parameter.Name)}={string.Join(',', Texts(value).Select(Uri.EscapeDataString))}");
                    break;
                default:
                    headers.Add((parameter.Name, new string([.. string.Join(',', Texts(value)).Where(static c => !char.IsControl(c))])));
                    break;
            }
        }

        var address = tool.Url.TrimEnd('/') + path + (query.Count == 0 ? "" : $"?{string.Join('&', query)}");
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), new Uri(address)) { Content = Body(operation, arguments) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static ByteArrayContent? Body(HttpOperation operation, JsonElement arguments)
    {
        if (operation.Body is { } name && arguments.TryGetProperty(name, out var body))
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.GetRawText()));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return content;
        }

        // A body that is empty tells the handler that the request must not be sent again by itself.
        return operation.Method is "GET" or "HEAD" or "DELETE" ? null : new ByteArrayContent([]);
    }

    /// <summary>One segment. Without any text, or as "." and "..", it would make another path, and an address does not keep those escaped.</summary>
    private static string Segment(HttpParameter parameter, JsonElement value)
    {
        var text = string.Join(',', Texts(value).Select(Uri.EscapeDataString));
        return text is "" or "." or ".."
            ? throw new ToolCallException(ToolFault.Impossible, $"\"{parameter.Argument}\" is part of a path and must not be empty, \".\" or \"..\"")
            : text;
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(Text) : [Text(value)];

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
