using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>GET /api/v1/agents</c>: the active version of every agent a key may call; <c>?archived=true</c>: of those that are put away. <c>?q=</c> looks into name, type and description.</summary>
internal static class ListAgents
{
    private const int MaxText = 200;

    public static async Task<Results<Ok<ListPage<AgentView>>, FailureResult>> Handle(HttpContext http, AgentRegistry agents, CancellationToken cancellation, string? q = null, string? archived = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, AgentRules.IsName);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        if (q?.Length > MaxText || q?.Contains('\0') == true)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"q\" must have at most {MaxText} characters, none of them U+0000.", "q"));
        }

        if (archived is not (null or "true" or "false"))
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"archived\" must be true or false.", "archived"));
        }

        var rows = await agents.ListAsync(http.Caller(), q is { Length: > 0 } ? q : null, archived == "true", page.After, page.Limit + 1, cancellation);
        return TypedResults.Ok(page.Page(rows, static agent => agent.Name));
    }
}
