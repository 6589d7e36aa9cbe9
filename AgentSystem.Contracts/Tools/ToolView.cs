using System.Text.Json;

namespace AgentSystem.Contracts.Tools;

/// <summary>A tool: <c>GET /api/v1/tools/{name}</c>. A server or document (<c>mcp</c>, <c>openapi</c>) is shown beside the tools that came of it, which name it as their <paramref name="Source"/>.</summary>
/// <param name="Source">The server or document it came of; null: none.</param>
/// <param name="State">Whether it can be called.</param>
/// <param name="Callable">False for a server or document, whose tools are called by their own names.</param>
/// <param name="Version">The version that is called; 0: none was approved yet.</param>
/// <param name="LatestVersion">The newest, which waits for approval where it is another.</param>
/// <param name="Url">Where it is; null for a built-in one.</param>
/// <param name="Schema">JSON Schema of the arguments.</param>
/// <param name="Example">Arguments that fit the schema, as JSON; null where none could be made.</param>
/// <param name="Headers">Names of the credentials' headers; their values are never shown.</param>
/// <param name="Health">How it does in the process that answers.</param>
/// <param name="CreatedAt">Null for a built-in one.</param>
public sealed record ToolView(
    string Name,
    ToolKind Kind,
    string? Source,
    ToolState State,
    bool Callable,
    int Version,
    int LatestVersion,
    string Description,
    string? Url,
    ToolEffect Effect,
    IReadOnlyList<ToolReach> Reach,
    JsonElement? Schema,
    string? Example,
    int? TimeoutSeconds,
    int? MaxConcurrency,
    int? MaxResultChars,
    IReadOnlyList<string> Headers,
    ToolHealth Health,
    DateTimeOffset? CreatedAt,
    string? CreatedBy);

/// <summary>How a tool does, counted in one process since it started.</summary>
/// <param name="Breaker"><c>closed</c>, <c>open</c>, <c>half_open</c> or <c>isolated</c>; null until it was first called.</param>
/// <param name="Calls">Attempts, retries included.</param>
/// <param name="Failures">Of these, those that failed by the tool's own trouble.</param>
/// <param name="P50Ms">Median duration of the last calls.</param>
/// <param name="InFlight">Calls under way.</param>
public sealed record ToolHealth(string? Breaker, long Calls, long Failures, double? P50Ms, int InFlight, DateTimeOffset? LastCallAt, string? LastError, DateTimeOffset? LastErrorAt);

/// <summary>What registering or reading anew a server or document brought.</summary>
/// <param name="Tool">The server or document, or the one tool of kind <c>http</c>.</param>
/// <param name="Tools">Names of the tools that came of it.</param>
/// <param name="Added">Of these, new ones.</param>
/// <param name="Changed">Of these, those that are described differently than before, and wait for approval.</param>
/// <param name="Gone">Tools it does not have any more.</param>
/// <param name="Skipped">What it has and cannot be used, each with the reason.</param>
public sealed record ToolImport(ToolView Tool, IReadOnlyList<string> Tools, IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Gone, IReadOnlyList<SkippedTool> Skipped);

/// <summary>An operation or tool that cannot be used.</summary>
public sealed record SkippedTool(string Name, string Reason);

/// <summary>One version of a tool: a row of <c>GET /api/v1/tools/{name}/versions</c>.</summary>
/// <param name="Description">As of this version.</param>
/// <param name="Schema">As of this version.</param>
/// <param name="Hash">SHA-256 of what a model reads of it and where it is called; equal hashes are equal tools.</param>
/// <param name="ApprovedAt">Since when it may be called; null: it waits.</param>
public sealed record ToolVersionView(
    int Version, string Description, ToolEffect Effect, JsonElement? Schema, string? Url, string Hash, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ApprovedAt, string? ApprovedBy);

/// <summary>Body of <c>POST /api/v1/tools/{name}/invoke</c>.</summary>
/// <param name="Arguments">By the tool's schema; absent: none.</param>
/// <param name="Approve">True: this very call of an <c>unsafe</c> tool is approved by whoever asks for it.</param>
public sealed record InvokeTool(JsonElement? Arguments = null, bool Approve = false);

/// <summary>What a call gave.</summary>
/// <param name="CallId">Its id, which the tool got as <c>Idempotency-Key</c>.</param>
/// <param name="Outcome"><c>success</c>, <c>error</c> (the tool said no, or could not be reached), or <c>unknown</c> (whether it had its effect is not known).</param>
/// <param name="Output">What a model would read.</param>
/// <param name="Attempts">How often it was asked; 0 for a built-in one.</param>
public sealed record InvokedTool(string Tool, int Version, string CallId, string Outcome, string Output, int Attempts, double DurationMs);
