using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Memory;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Memory;

/// <summary>Which memories a key meets, for whom it may speak, and which version a request has seen.</summary>
internal static class MemoryAccess
{
    private const string IdStart = "mem-";
    private const string ReceiptStart = "ers-";
    private const int MaxName = 200;

    /// <summary>A key bound to a user meets that user's memories, any other key the whole tenant's; of agents it may call.</summary>
    public static MemoryReach Reach(Caller caller) => new(caller.Tenant, caller.BoundUser is null ? null : RequestUser.Name(caller, null), caller.Agents.Contains("*") ? null : caller.Agents);

    /// <summary>The scope a body names, or why not. The agent must be there and one the key may call; both cases of no get the same answer.</summary>
    public static async Task<(MemoryScope? Scope, RunFailure? Failure)> ScopeAsync(Caller caller, string agent, string? user, IAgentStore agents, CancellationToken cancellation)
    {
        if (RefuseUser(caller, user) is { } refused)
        {
            return (null, refused);
        }

        return agent.Length is > 0 and <= MaxName && !agent.Contains('\0', StringComparison.Ordinal) && caller.MayCall(agent) && await agents.FindAsync(caller.Tenant, agent, cancellation) is not null
            ? (new MemoryScope(caller.Tenant, Name(caller, user), agent), null)
            : (null, RunFailure.Invalid("unknown_agent", "There is no agent of that name that this key may call; GET /api/v1/agents lists them.", "agent"));
    }

    /// <summary>The user as runs name it. Who is shown as <c>key:...</c> is asked for in the same way, where the key speaks for everybody.</summary>
    public static string Name(Caller caller, string? user) =>
        caller.BoundUser is null && user is not null && RequestUser.IsReserved(user) ? MemoryUser.Asked(user) : RequestUser.Name(caller, user);

    /// <summary>Null when the key may speak for the user; null itself is the key.</summary>
    public static RunFailure? RefuseUser(Caller caller, string? user) =>
        user is null ? null
        : user.Length is 0 or > MaxName || user.Contains('\0', StringComparison.Ordinal) ? RunFailure.Invalid("invalid_value", $"\"user\" must have 1 to {MaxName} characters, none of them U+0000.", "user")
        : caller.BoundUser is { } bound && bound != user ? RunFailure.Forbidden("user_not_allowed", "This key is bound to one user and cannot speak for another; leave \"user\" out.", "user")
        : null;

    /// <summary>Null when the text can name something; null itself names nothing.</summary>
    public static RunFailure? RefuseName(string? name, string member) =>
        name is not null && (name.Length is 0 or > MaxName || name.Contains('\0', StringComparison.Ordinal))
            ? RunFailure.Invalid("invalid_value", $"\"{member}\" must have 1 to {MaxName} characters, none of them U+0000.", member)
            : null;

    /// <summary>An id as memories have them.</summary>
    public static bool IsId(string id) => id.StartsWith(IdStart, StringComparison.Ordinal) && Guid.TryParseExact(id[IdStart.Length..], "N", out _);

    /// <summary>An id as receipts have them.</summary>
    public static bool IsReceipt(string id) => id.StartsWith(ReceiptStart, StringComparison.Ordinal) && Guid.TryParseExact(id[ReceiptStart.Length..], "N", out _);

    /// <summary>Also the answer to a memory of another tenant, user or agent: its existence is nobody's business.</summary>
    public static RunFailure NoSuchMemory { get; } = RunFailure.NotFound("memory_not_found", "There is no memory with this id.", "id");

    /// <summary>The version of <c>If-Match</c>; null without one, and for <c>*</c>.</summary>
    public static (long? Version, RunFailure? Failure) Expected(HttpContext http)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return (null, null);
        }

        return EntityTagHeaderValue.TryParseStrictList(header, out var tags) && tags is [{ IsWeak: false } tag]
            ? tag.Equals(EntityTagHeaderValue.Any) ? (null, null)
                : long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? (version, null) : Wrong()
            : Wrong();

        static (long?, RunFailure?) Wrong() =>
            (null, RunFailure.Invalid("invalid_value", "\"If-Match\" must be the ETag of an earlier answer with its quotes, such as \"7\", or * for any version.", "If-Match"));
    }

    /// <summary>Says at which version a memory is.</summary>
    public static void Tag(HttpContext http, long version) => http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>A refusal in the surface's form.</summary>
    public static FailureResult ToResult(this MemoryRefusal refusal, HttpContext http)
    {
        if (refusal.Version is { } version)
        {
            Tag(http, version);
        }

        return new FailureResult(new RunFailure(refusal.Status, "invalid_request_error", refusal.Code, refusal.Message, refusal.Field));
    }

    /// <summary>A moment of a query string.</summary>
    public static (DateTimeOffset? At, RunFailure? Failure) Moment(string? text, string member) =>
        text is null ? (null, null)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && text.Contains('-', StringComparison.Ordinal) ? (at, null)
        : (null, RunFailure.Invalid("invalid_value", $"\"{member}\" must be a moment, such as 2026-03-04T12:00:00Z.", member));
}
