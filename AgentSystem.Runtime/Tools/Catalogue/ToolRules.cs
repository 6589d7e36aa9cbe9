using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Tools.Schemas;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>What a tool may look like. Members are looked at in the order of the contract; the first wrong one is named.</summary>
public sealed partial class ToolRules(ToolCatalog builtIn, EgressRule egress)
{
    /// <summary>Most characters of a description.</summary>
    public const int LongestDescription = 1_000;

    /// <summary>Longest time of one call, in seconds.</summary>
    public const int LongestTimeout = 300;

    /// <summary>Most calls at once.</summary>
    public const int MostConcurrency = 1_000;

    /// <summary>Longest result, in characters.</summary>
    public const int LongestResult = 200_000;

    /// <summary>Longest name a model is given, which is what providers allow.</summary>
    public const int LongestName = 64;

    private const int ShortestResult = 100;
    private const int MostHeaders = 20;
    private const int LongestHeader = 8_192;
    private const int MostOperations = 500;

    private const string Shape = "1 to 48 characters from a-z, 0-9, '_' and '-', beginning with a letter";

    // Ours, or the connection's: a tool's credentials do not decide about them.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "Upgrade", "TE", "Trailer", "Expect", "Idempotency-Key", "Accept", "Accept-Encoding", "Keep-Alive", "Proxy-Authorization", "Mcp-Session-Id", "Last-Event-ID",
    };

    /// <summary>True for what a tool of a catalogue can be called.</summary>
    public static bool IsToolName(string? name) => name is { Length: <= LongestName } && ToolName().IsMatch(name);

    /// <summary>What is wrong with a new tool; null: nothing.</summary>
    public ToolRefusal? Check(CreateTool body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body switch
        {
            _ when !Slug().IsMatch(body.Name) => ToolRefusal.Invalid("name", $"\"name\" must be {Shape}."),
            _ when builtIn.TryGet(body.Name, out _) => new ToolRefusal(409, "tool_exists", $"\"{body.Name}\" is a tool of the platform; choose another name.", "name"),
            { Kind: ToolKind.Builtin } => ToolRefusal.Invalid("kind", "\"kind\" must be http, openapi or mcp; built-in tools come with the platform."),
            _ when egress.Problem(body.Url) is { } problem => ToolRefusal.Invalid("url", $"\"url\" must be {problem}."),
            { Kind: not ToolKind.Http, Schema: not null } => Foreign("schema", body.Kind),
            _ => CheckSchema(body.Schema) ?? CheckBounds(body.TimeoutSeconds, body.MaxConcurrency, body.MaxResultChars, body.Reach)
                ?? (body is { Kind: not ToolKind.Http, Description: not null } ? Foreign("description", body.Kind) : CheckDescription(body.Description))
                ?? CheckHeaders(body.Headers, body.Url) ?? CheckOrigin(body),
        };
    }

    /// <summary>What is wrong with a change; null: nothing.</summary>
    public ToolRefusal? Check(ChangeTool body, ToolDefinition tool)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(tool);
        var own = tool.Kind == ToolKind.Http;
        return body switch
        {
            { Url: not null } when !own => Foreign("url", tool.Kind),
            { Schema: not null } when !own => Foreign("schema", tool.Kind),
            { Description: not null } when !own => Foreign("description", tool.Kind),
            { Headers: not null } when tool.Source is not null => ToolRefusal.Invalid("headers", $"\"headers\" belong to \"{tool.Source}\", where this tool came from; change them there."),
            { Url: { } url } when egress.Problem(url) is { } problem => ToolRefusal.Invalid("url", $"\"url\" must be {problem}."),
            _ => CheckSchema(body.Schema) ?? CheckBounds(body.TimeoutSeconds, body.MaxConcurrency, body.MaxResultChars, body.Reach) ?? CheckDescription(body.Description)
                ?? CheckHeaders(body.Headers, body.Url ?? tool.Url),
        };
    }

    private static ToolRefusal Foreign(string member, ToolKind kind) => ToolRefusal.Invalid(
        member, kind == ToolKind.Mcp
            ? $"\"{member}\" comes from the server, which describes its own tools; POST /api/v1/tools/{{name}}/refresh reads them anew."
            : $"\"{member}\" comes from the document, which describes its own operations; POST /api/v1/tools/{{name}}/refresh reads it anew.");

    private static ToolRefusal? CheckSchema(System.Text.Json.JsonElement? schema) =>
        schema is { } given && ToolSchema.Read(given).Problem is { } problem ? ToolRefusal.Invalid("schema", $"{problem}.") : null;

    private static ToolRefusal? CheckBounds(int? timeout, int? concurrency, int? result, IReadOnlyList<ToolReach>? reach) =>
        Within(timeout, "timeout_seconds", 1, LongestTimeout) ?? Within(concurrency, "max_concurrency", 1, MostConcurrency) ?? Within(result, "max_result_chars", ShortestResult, LongestResult)
        ?? (reach is not null && reach.Distinct().Count() != reach.Count ? ToolRefusal.Invalid("reach", "\"reach\" names one of untrusted, private and change twice.") : null);

    private static ToolRefusal? Within(int? value, string member, int least, int most) => value < least || value > most
        ? ToolRefusal.Invalid(member, string.Create(CultureInfo.InvariantCulture, $"\"{member}\" must be from {least} to {most}; it is {value}."))
        : null;

    private static ToolRefusal? CheckDescription(string? text) => text?.Length > LongestDescription || text?.Contains('\0', StringComparison.Ordinal) == true
        ? ToolRefusal.Invalid("description", $"\"description\" must have at most {LongestDescription} characters, and none of them U+0000.")
        : null;

    private static ToolRefusal? CheckHeaders(IReadOnlyDictionary<string, string>? headers, string url)
    {
        if (headers is null)
        {
            return null;
        }

        if (headers.Count > MostHeaders || headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() != headers.Count)
        {
            return ToolRefusal.Invalid("headers", $"\"headers\" must name at most {MostHeaders} headers, each once.");
        }

        foreach (var (name, value) in headers)
        {
            if (!Token().IsMatch(name) || Reserved.Contains(name))
            {
                return ToolRefusal.Invalid("headers", $"\"headers\" must hold headers such as Authorization; \"{(name.Length > 64 ? name[..64] : name)}\" is none that may be set.");
            }

            if (value is null || value.Length is 0 or > LongestHeader || value.Any(static c => c is < ' ' or > '~'))
            {
                return ToolRefusal.Invalid("headers", $"\"headers\": the value of {name} must have 1 to {LongestHeader} printable ASCII characters.");
            }
        }

        // Whether an address is read on its way is a question of the scheme; the operator's own network is the operator's.
        return headers.Count > 0 && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Query.Length > 0 && headers.Keys.Any(name => address.Query.Contains(name, StringComparison.OrdinalIgnoreCase))
            ? ToolRefusal.Invalid("url", "\"url\" names a credential in its query, where logs read it; leave it out, the header is sent.")
            : null;
    }

    private ToolRefusal? CheckOrigin(CreateTool body) => body switch
    {
        { Kind: not ToolKind.Openapi, Document: not null } => ToolRefusal.Invalid("document", "\"document\" is for tools of kind openapi."),
        { Kind: not ToolKind.Openapi, BaseUrl: not null } => ToolRefusal.Invalid("base_url", "\"base_url\" is for tools of kind openapi."),
        { Kind: ToolKind.Http, Operations: not null } => ToolRefusal.Invalid("operations", "\"operations\" is for tools of kind openapi and mcp."),
        { BaseUrl: { } url } when egress.Problem(url) is { } problem => ToolRefusal.Invalid("base_url", $"\"base_url\" must be {problem}."),
        { Operations: { Count: 0 or > MostOperations } } => ToolRefusal.Invalid("operations", $"\"operations\" must name 1 to {MostOperations} operations; leave it out for all."),
        _ => null,
    };

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,47}\z")]
    private static partial Regex Slug();

    [GeneratedRegex(@"^[a-z][a-z0-9_-]*\z")]
    private static partial Regex ToolName();

    // RFC 9110, 5.6.2.
    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z")]
    private static partial Regex Token();
}
