using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Sessions;

/// <summary><c>GET /api/v1/state</c>: sessions by agent and name, narrowed by <c>?agent=</c> and <c>?prefix=</c>.</summary>
internal static class ListSessions
{
    public static async Task<Results<Ok<ListPage<SessionSummary>>, FailureResult>> Handle(
        HttpContext http, ISessionStore sessions, CancellationToken cancellation, string? agent = null, string? prefix = null, string? limit = null, string? cursor = null)
    {
        var caller = http.Caller();
        var (page, failure) = PageRequest.Read(http, static key => Place(key) is not null);
        failure ??= SessionAccess.RefuseName(agent, "agent") ?? SessionAccess.RefuseName(prefix, "prefix");
        if (failure is null && !caller.Agents.Contains("*") && (agent is null || !caller.MayCall(agent)))
        {
            // Nothing is hidden in silence: a list of all would have to leave out what the key may not meet.
            failure = RunFailure.Forbidden("agent_not_allowed", $"This key may call some agents only; name one of them in \"agent\": {string.Join(", ", caller.Agents)}.", "agent");
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var after = page!.After is { } key ? Place(key) : null;
        var rows = await sessions.ListAsync(SessionAccess.Of(caller), new SessionQuery(agent, prefix, after, page.Limit + 1), cancellation);
        return TypedResults.Ok(page.Page(rows, static row => JsonSerializer.Serialize(new[] { row.Agent, row.Session })));
    }

    private static SessionName? Place(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(key) is [{ } agent, { } session] ? new SessionName(agent, session) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
