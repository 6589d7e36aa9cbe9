using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Tools;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>One immutable version of a tool of a tenant; its members mean what they mean in <see cref="CreateTool"/>.</summary>
/// <param name="Source">The server or document it came of; null: none, or it is one itself.</param>
/// <param name="Schema">Null for a server or document, which is not called itself.</param>
public sealed record ToolDefinition(
    string Name,
    ToolKind Kind,
    string? Source,
    string Description,
    string Url,
    ToolEffect Effect,
    IReadOnlyList<ToolReach> Reach,
    JsonElement? Schema)
{
    /// <summary>Seconds one call may take, retries included.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Calls under way at once in one process.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>Longest result, in characters.</summary>
    public int MaxResultChars { get; init; } = 16_000;

    /// <summary>What its server calls it, or the operation of the document.</summary>
    public string? RemoteName { get; init; }

    /// <summary>How arguments become a request, for an operation of a document.</summary>
    public HttpOperation? Operation { get; init; }

    /// <summary>How a server or document was registered, so that it can be read anew.</summary>
    public ToolOrigin? Origin { get; init; }

    /// <summary>True for what can be called.</summary>
    public bool IsCallable => Schema is not null;

    /// <summary>
    /// Hex SHA-256 over what a model reads of the tool and where its calls go. A server that changes any of it offers another tool under a known name,
    /// which is how tools that were looked at once are turned against their users afterwards.
    /// </summary>
    public string Hash()
    {
        var facts = new JsonObject
        {
            ["description"] = Description,
            ["url"] = Url,
            ["remote"] = RemoteName,
            ["schema"] = Schema is { } schema ? Sorted(JsonNode.Parse(schema.GetRawText())) : null,
            ["operation"] = Operation is null ? null : JsonSerializer.SerializeToNode(Operation),
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts.ToJsonString())));
    }

    /// <summary>The order of members says nothing.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

/// <summary>How a server or document was registered.</summary>
/// <param name="Effect">The effect its tools are given; null: by the method.</param>
/// <param name="Reach">The reach its tools are given; null: by the effect.</param>
/// <param name="BaseUrl">Where the operations of a document are, if not where it says.</param>
/// <param name="Operations">Which; null: all.</param>
/// <param name="Document">The document itself; null: it is at the address.</param>
public sealed record ToolOrigin(ToolEffect? Effect, IReadOnlyList<ToolReach>? Reach, string? BaseUrl, IReadOnlyList<string>? Operations, JsonElement? Document);

/// <summary>How arguments become a request.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path with its parameters in braces.</param>
/// <param name="Parameters">Where arguments go.</param>
/// <param name="Body">The argument that is the JSON body; null: there is none.</param>
public sealed record HttpOperation(string Method, string Path, IReadOnlyList<HttpParameter> Parameters, string? Body);

/// <summary>An argument that goes into path, query or header.</summary>
/// <param name="Argument">What the model calls it.</param>
/// <param name="Name">What the operation calls it.</param>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Explode">A list is written as several members of the query instead of one with commas.</param>
public sealed record HttpParameter(string Argument, string Name, string In, bool Explode);
