using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Sessions;

/// <summary>What a request says about sessions: which a key meets, which version it has seen, and whether it may come twice.</summary>
internal static class SessionAccess
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const int LongestIdempotencyKey = 255;

    /// <summary>A key bound to a user meets that user's sessions, any other key (its scope lets it in at all) the whole tenant's.</summary>
    public static SessionScope Of(Caller caller) => new(caller.Tenant, caller.BoundUser is null ? null : RequestUser.Name(caller, null));

    /// <summary>The session a path names. The server leaves <c>%2F</c> in a path as it is, so a name with a slash is read from what the client sent.</summary>
    public static SessionName Name(HttpContext http, string agent, string session)
    {
        const string slash = "%2F";
        if (!agent.Contains(slash, StringComparison.OrdinalIgnoreCase) && !session.Contains(slash, StringComparison.OrdinalIgnoreCase))
        {
            return new SessionName(agent, session);
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.Split('?')[0].TrimEnd('/').Split('/') is [.., var first, var second]
            ? new SessionName(Uri.UnescapeDataString(first), Uri.UnescapeDataString(second))
            : new SessionName(agent, session);
    }

    /// <summary>Null when the address can be that of a session this key may meet; an agent it may not call has none.</summary>
    public static RunFailure? Refuse(Caller caller, SessionName name) =>
        RefuseName(name.Agent, "agent") ?? RefuseName(name.Session, "session")
        ?? (caller.MayCall(name.Agent) ? null : ToFailure(SessionRefusal.NotFound(name)));

    /// <summary>Null when the text can be a name; null itself is none.</summary>
    public static RunFailure? RefuseName(string? name, string member) => name is not null && SessionLimits.NameProblem(name) is { } problem
        ? RunFailure.Invalid("invalid_value", $"\"{member}\" must have {problem}.", member)
        : null;

    /// <summary>The <c>If-Match</c> of a request; null without one. Only what this surface gives out is understood: a version in quotes, or *.</summary>
    public static (SessionMatch? Match, RunFailure? Failure) Match(HttpContext http)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return (null, null);
        }

        if (EntityTagHeaderValue.TryParseStrictList(header, out var tags) && tags is [{ IsWeak: false } tag])
        {
            if (tag.Equals(EntityTagHeaderValue.Any))
            {
                return (new SessionMatch(null), null);
            }

            if (long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                return (new SessionMatch(version), null);
            }
        }

        return (null, RunFailure.Invalid("invalid_value", "\"If-Match\" must be the ETag of an earlier answer with its quotes, such as \"7\"; \"0\" for a session that must not be there yet; or * for one that must be there.", "If-Match"));
    }

    /// <summary>The <c>Idempotency-Key</c> of a request to this session; null without one.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">The same key of another caller is another key.</param>
    /// <param name="name">So is that of another session.</param>
    /// <param name="asked">Everything the request asks for.</param>
    public static (RepeatedRequest? Request, RunFailure? Failure) Repeated<T>(HttpContext http, Caller caller, SessionName name, T asked)
    {
        if (http.Request.Headers[IdempotencyKey] is not [var given])
        {
            return http.Request.Headers[IdempotencyKey].Count == 0 ? (null, null) : (null, WrongKey());
        }

        if (string.IsNullOrEmpty(given) || given.Length > LongestIdempotencyKey)
        {
            return (null, WrongKey());
        }

        var id = Hash(JsonSerializer.Serialize(new[] { caller.KeyId, name.Agent, name.Session, given }));
        var body = JsonSerializer.Serialize(asked, PlatformJson.Options) + http.Request.Headers.IfMatch;
        return (new RepeatedRequest(Convert.ToHexStringLower(id), Hash(body)), null);
    }

    /// <summary>A refusal in the surface's form; the session's version goes with it where it is the reason.</summary>
    public static FailureResult ToResult(this SessionRefusal refusal, HttpContext http)
    {
        if (refusal.Version is { } version)
        {
            Tag(http, version);
        }

        return new FailureResult(ToFailure(refusal));
    }

    /// <summary>Says at which version the session is.</summary>
    public static void Tag(HttpContext http, long version) => http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>A change's answer, with its version.</summary>
    public static StateUpdated Show(HttpContext http, SessionVerdict verdict)
    {
        Tag(http, verdict.Done!.Version);
        if (verdict.Replayed)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
        }

        return verdict.Done;
    }

    /// <summary>A new name for a change; later ones sort after it.</summary>
    public static string NewTransaction(DateTimeOffset at) => $"txn_{Guid.CreateVersion7(at):N}";

    private static RunFailure ToFailure(SessionRefusal refusal) =>
        new(refusal.Status, refusal.Status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error", refusal.Code, refusal.Message, refusal.Member, refusal.RetryAfter);

    private static RunFailure WrongKey() => RunFailure.Invalid("invalid_value", $"\"{IdempotencyKey}\" must be one text of 1 to {LongestIdempotencyKey} characters.", IdempotencyKey);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
