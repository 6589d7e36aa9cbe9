using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.OpenApi;

/// <summary>
/// Reads the operations of an OpenAPI document 3.0 or 3.1. What an operation needs and we cannot do (bodies that are no JSON, cookies, other servers, styles of parameters beyond the usual) leaves it out, with the reason.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="address">Where its operations are.</param>
internal sealed class OpenApiReader(JsonElement document, string address)
{
    /// <summary>Most operations that are looked at.</summary>
    public const int Most = 2_000;

    private static readonly string[] Methods = ["get", "head", "put", "post", "delete", "patch"];

    /// <summary>What can be used, and what cannot.</summary>
    /// <param name="wanted">Operations by <c>operationId</c> or "GET /path"; null: all.</param>
    /// <exception cref="ToolImportException">It is no such document, or nothing of it can be used.</exception>
    public ImportedTools Read(IReadOnlyList<string>? wanted)
    {
        CheckVersion();
        var (tools, skipped, known) = (new List<ImportedTool>(), new List<SkippedTool>(), new List<string>());
        foreach (var (id, method, path, item, operation) in Operations())
        {
            var place = $"{method.ToUpperInvariant()} {path}";
            known.Add(id ?? place);
            if (wanted is not null && !wanted.Contains(place) && (id is null || !wanted.Contains(id)))
            {
                continue;
            }

            try
            {
                tools.Add(new OpenApiOperation(document, item, operation).Read(id ?? place, method, path, address));
            }
            catch (OpenApiException e) when (wanted is null)
            {
                skipped.Add(new SkippedTool(id ?? place, e.Message));
            }
            catch (OpenApiException e)
            {
                throw new ToolImportException(400, $"Operation \"{id ?? place}\" cannot be used: {e.Message}. Leave it out of \"operations\".");
            }
        }

        if (wanted?.FirstOrDefault(name => !known.Contains(name) && tools.TrueForAll(tool => $"{tool.Operation!.Method} {tool.Operation.Path}" != name)) is { } missing)
        {
            throw new ToolImportException(400, $"The document has no operation \"{missing}\"; it has {string.Join(", ", known.Take(30))}{(known.Count > 30 ? $" and {known.Count - 30} more" : "")}.");
        }

        if (tools.Count == 0)
        {
            throw new ToolImportException(400, skipped.Count == 0
                ? "The document has no operations in \"paths\"."
                : $"No operation of the document can be used: {string.Join("; ", skipped.Take(5).Select(static each => $"{each.Name}: {each.Reason}"))}.");
        }

        // One name twice would be one tool twice.
        var twice = tools.GroupBy(static tool => tool.RemoteName, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1);
        return twice is null ? new ImportedTools(Title(), tools, skipped) : throw new ToolImportException(400, $"The document uses the operationId \"{twice.Key}\" twice; each must be unique.");
    }

    private void CheckVersion()
    {
        var version = document.ValueKind == JsonValueKind.Object && document.TryGetProperty("openapi", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : null;
        if (version is null || !(version.StartsWith("3.0", StringComparison.Ordinal) || version.StartsWith("3.1", StringComparison.Ordinal)))
        {
            throw new ToolImportException(400, version is null
                ? "The document is no OpenAPI document: its member \"openapi\" must say 3.0 or 3.1 (one of Swagger 2.0 must be converted)."
                : $"The document is written in OpenAPI {(version.Length > 20 ? version[..20] : version)}; 3.0 and 3.1 are read.");
        }
    }

    private string Title()
    {
        var title = document.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object && info.TryGetProperty("title", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        return OpenApiText.Line(title, 200);
    }

    private IEnumerable<(string? Id, string Method, string Path, JsonElement Item, JsonElement Operation)> Operations()
    {
        if (!document.TryGetProperty("paths", out var paths) || paths.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        var count = 0;
        foreach (var path in paths.EnumerateObject().Where(static path => path.Name.StartsWith('/') && path.Value.ValueKind == JsonValueKind.Object))
        {
            foreach (var method in Methods)
            {
                if (path.Value.TryGetProperty(method, out var operation) && operation.ValueKind == JsonValueKind.Object)
                {
                    if (++count > Most)
                    {
                        throw new ToolImportException(400, $"The document has more than {Most} operations; give the part that is needed in \"document\".");
                    }

                    var id = operation.TryGetProperty("operationId", out var named) && named.ValueKind == JsonValueKind.String && named.GetString() is { Length: > 0 } text ? text : null;
                    yield return (id, method, path.Name, path.Value, operation);
                }
            }
        }
    }
}

/// <summary>Why an operation cannot be used, in a few words.</summary>
internal sealed class OpenApiException(string message) : Exception(message);

/// <summary>Texts out of documents.</summary>
internal static class OpenApiText
{
    /// <summary>On one line, cut.</summary>
    public static string Line(string text, int most)
    {
        var line = string.Join(' ', text.Split([' ', '\n', '\r', '\t', '\0'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)];
    }
}
