using System.Text.Json;

namespace AgentSystem.Contracts.Tools;

/// <summary>Body of <c>POST /api/v1/tools</c>.</summary>
/// <param name="Name">1 to 48 characters from a-z, 0-9, '_' and '-', beginning with a letter. Tools of <c>openapi</c> and <c>mcp</c> are called <c>name_operation</c>.</param>
/// <param name="Kind"><c>http</c>, <c>openapi</c> or <c>mcp</c>.</param>
/// <param name="Url">Where arguments are posted (<c>http</c>), where the document is, or with <paramref name="Document"/> where its operations are (<c>openapi</c>), the server's endpoint (<c>mcp</c>).</param>
/// <param name="Effect">What calling it does. Absent: of <c>openapi</c> by the method (GET and HEAD <c>read</c>, PUT and DELETE <c>idempotent</c>, others <c>once</c>), otherwise <c>once</c>.</param>
/// <param name="Schema">JSON Schema of the arguments, <c>http</c> only. Absent: any object.</param>
/// <param name="TimeoutSeconds">How long one call may take, retries included: 1 to 300; absent: 30.</param>
/// <param name="Description">What the model reads about it, at most 1,000 characters; <c>http</c> only.</param>
/// <param name="Reach">What it touches. Absent: <c>untrusted</c> and <c>private</c> for what reads, <c>untrusted</c> and <c>change</c> for the rest.</param>
/// <param name="MaxConcurrency">Calls under way at once in one process: 1 to 1,000; absent: 8.</param>
/// <param name="MaxResultChars">Longest result a model gets, in characters: 100 to 200,000; absent: 16,000. The rest is cut off, and that is said.</param>
/// <param name="Headers">Headers of every call, such as <c>Authorization</c>: credentials, sealed and never shown again.</param>
/// <param name="Document">The OpenAPI document itself, <c>openapi</c> only.</param>
/// <param name="BaseUrl">Where the operations of a document are, if not where its <c>servers</c> say.</param>
/// <param name="Operations">Which operations (<c>openapi</c>: their <c>operationId</c>, or "GET /path") or tools (<c>mcp</c>); absent: all that can be used.</param>
public sealed record CreateTool(
    string Name,
    ToolKind Kind,
    string Url,
    ToolEffect? Effect = null,
    JsonElement? Schema = null,
    int? TimeoutSeconds = null,
    string? Description = null,
    IReadOnlyList<ToolReach>? Reach = null,
    int? MaxConcurrency = null,
    int? MaxResultChars = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    JsonElement? Document = null,
    string? BaseUrl = null,
    IReadOnlyList<string>? Operations = null);

/// <summary>Body of <c>PATCH /api/v1/tools/{name}</c>: what is absent stays. Everything but <paramref name="Headers"/> and <paramref name="Enabled"/> makes a new version.</summary>
/// <param name="Url">As in <see cref="CreateTool"/>; <c>http</c> only.</param>
/// <param name="Headers">Replace all that were given before; an empty object removes them.</param>
/// <param name="Enabled">False: it is not called until it is true again.</param>
public sealed record ChangeTool(
    string? Url = null,
    ToolEffect? Effect = null,
    JsonElement? Schema = null,
    int? TimeoutSeconds = null,
    string? Description = null,
    IReadOnlyList<ToolReach>? Reach = null,
    int? MaxConcurrency = null,
    int? MaxResultChars = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    bool? Enabled = null);

/// <summary>Body of <c>POST /api/v1/tools/{name}/approve</c>.</summary>
/// <param name="Version">The version that may be called from now on.</param>
public sealed record ApproveTool(int Version);
