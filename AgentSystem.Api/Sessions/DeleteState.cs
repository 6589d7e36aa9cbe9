using AgentSystem.Api.Http;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Sessions;

/// <summary><c>DELETE /api/v1/state/{agent}/{session}</c>: with <c>?key=</c> that key goes, without it the session with all its keys, for good.</summary>
internal static class DeleteState
{
    public static async Task<Results<Ok<StateUpdated>, FailureResult>> Handle(
        string agent, string session, HttpContext http, ISessionStore sessions, TimeProvider time, CancellationToken cancellation, string? key = null)
    {
        var (caller, name) = (http.Caller(), SessionAccess.Name(http, agent, session));
        var (match, wrongMatch) = SessionAccess.Match(http);
        var (request, wrongRequest) = SessionAccess.Repeated(http, caller, name, key);
        if ((SessionAccess.Refuse(caller, name) ?? SessionAccess.RefuseName(key, "key") ?? wrongMatch ?? wrongRequest) is { } refused)
        {
            return new FailureResult(refused);
        }

        var change = new SessionChange(
            SessionAccess.Of(caller), name, key is null ? [] : [new KeyChange(key, KeyAction.Remove, "")], new SessionWriter(caller.KeyId, agent, RequestUser.Name(caller, null)))
        {
            TransactionId = SessionAccess.NewTransaction(time.GetUtcNow()),
            Match = match,
            Request = request,
        };
        var verdict = await sessions.ChangeAsync(change, cancellation);
        return verdict.Refusal is { } refusal ? refusal.ToResult(http) : TypedResults.Ok(SessionAccess.Show(http, verdict));
    }
}
