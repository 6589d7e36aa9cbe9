using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Sessions;

/// <summary><c>PATCH /api/v1/state/{agent}/{session}</c>: changes keys, all of them or none; the first change begins the session.</summary>
internal static class ChangeState
{
    public static async Task<Results<Ok<StateUpdated>, FailureResult>> Handle(
        string agent, string session, UpdateState body, HttpContext http, ISessionStore sessions, IAgentStore agents, StateLimits limits, CancellationToken cancellation)
    {
        var (caller, name) = (http.Caller(), SessionAccess.Name(http, agent, session));
        var (match, wrongMatch) = SessionAccess.Match(http);
        var (request, wrongRequest) = SessionAccess.Repeated(http, caller, name, body);
        var refused = SessionAccess.Refuse(caller, name) ?? wrongMatch ?? wrongRequest ?? limits.Refuse(body) ?? RefuseWriter(caller, body, limits)
            ?? await RefuseAgentAsync(caller, name, body, agents, cancellation);
        if (refused is not null)
        {
            return new FailureResult(refused);
        }

        var change = new SessionChange(
            SessionAccess.Of(caller), name, [.. body.Updates.Select(Change)], new SessionWriter(caller.KeyId, body.AsAgent ?? agent, RequestUser.Name(caller, body.User)))
        {
            TransactionId = SessionAccess.NewTransaction(limits.Now),
            Match = match,
            Rule = body.OnConflict,
            Request = request,
        };
        if (StateLimits.Misfit(body) is { } misfit)
        {
            return new FailureResult(misfit);
        }

        var verdict = body.Consistency == StateConsistency.Eventual
            ? await sessions.AcceptAsync(change, cancellation)
            : await sessions.ChangeAsync(change, cancellation);
        return verdict.Refusal is { } refusal ? refusal.ToResult(http) : TypedResults.Ok(SessionAccess.Show(http, verdict));
    }

    private static KeyChange Change(StateUpdate update) => new(update.Key, Action(update), SessionLimits.Text(update.Value));

    private static KeyAction Action(StateUpdate update) => update.Strategy switch
    {
        StateStrategy.Replace => KeyAction.Replace,
        StateStrategy.Append => KeyAction.Append,
        _ => KeyAction.Merge,
    };

    private static RunFailure? RefuseWriter(Caller caller, UpdateState body, StateLimits limits)
    {
        if (body.User is { } user)
        {
            if (user.Length == 0 || user.Length > limits.MaxUser || user.Contains('\0', StringComparison.Ordinal))
            {
                return RunFailure.Invalid("invalid_value", $"\"user\" must have 1 to {limits.MaxUser} characters, none of them U+0000.", "user");
            }

            if (RequestUser.IsReserved(user))
            {
                return RunFailure.Invalid("invalid_value", RequestUser.ReservedMessage, "user");
            }

            if (caller.BoundUser is { } bound && bound != user)
            {
                return RunFailure.Forbidden("user_not_allowed", "This key is bound to one user and cannot speak for another; leave \"user\" out.", "user");
            }
        }

        return body.AsAgent is { } writer && !caller.MayCall(writer)
            ? RunFailure.Forbidden("agent_not_allowed", "This key may not call that agent, and so not write for it; leave \"as_agent\" out.", "as_agent")
            : SessionAccess.RefuseName(body.AsAgent, "as_agent");
    }

    private static async Task<RunFailure?> RefuseAgentAsync(Caller caller, SessionName name, UpdateState body, IAgentStore agents, CancellationToken cancellation)
    {
        foreach (var (agent, member) in new[] { (name.Agent, "agent"), (body.AsAgent, "as_agent") })
        {
            if (agent is not null && await agents.StateAsync(caller.Tenant, agent, cancellation) is null)
            {
                return RunFailure.NotFound("agent_not_found", $"There is no agent \"{agent}\"; GET /api/v1/agents lists those there are.", member);
            }
        }

        return null;
    }
}
