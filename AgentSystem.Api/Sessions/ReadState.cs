using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Sessions;

/// <summary><c>GET /api/v1/state/{agent}/{session}</c>: the whole state, or with <c>?key=</c> one value of it.</summary>
internal static class ReadState
{
    public static async Task<Results<Ok<SessionView>, FailureResult>> Handle(
        string agent, string session, HttpContext http, ISessionStore sessions, CancellationToken cancellation, string? key = null, string? consistency = null, string? token = null)
    {
        var (caller, name) = (http.Caller(), SessionAccess.Name(http, agent, session));
        var place = 0L;
        var refused = SessionAccess.Refuse(caller, name) ?? SessionAccess.RefuseName(key, "key");
        if (consistency is not (null or "strong" or "eventual"))
        {
            refused ??= RunFailure.Invalid("invalid_value", "\"consistency\" must be strong or eventual.", "consistency");
        }

        if (token is not null && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out place))
        {
            refused ??= RunFailure.Invalid("invalid_value", "\"token\" must be the \"token\" of an earlier answer.", "token");
        }

        if (refused is not null)
        {
            return new FailureResult(refused);
        }

        var view = await sessions.ReadAsync(SessionAccess.Of(caller), name, new SessionRead(key, consistency != "eventual", token is null ? null : place), cancellation);
        if (view is null || (key is not null && view.Keys.Count == 0))
        {
            return (view is null ? SessionRefusal.NotFound(name) : SessionRefusal.KeyNotFound(name, key!)).ToResult(http);
        }

        SessionAccess.Tag(http, view.Version);
        return TypedResults.Ok(view);
    }
}
