using AgentSystem.Api.Http;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Documents;

/// <summary><c>POST /api/v1/documents/search</c>: what an agent would find. Without an agent, the documents of all agents are searched.</summary>
internal static class SearchInDocuments
{
    private const int MaxQuery = 1_000;
    private const int MaxLimit = 50;

    public static async Task<Results<Ok<ListPage<DocumentHit>>, FailureResult>> Handle(
        SearchDocuments body, HttpContext http, IDocumentStore documents, IAgentStore agents, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        if (body.Agent is not null && await DocumentAccess.ProblemAsync(body.Agent, caller, agents, cancellation) is { } unknown)
        {
            return new FailureResult(unknown);
        }

        return TypedResults.Ok(new ListPage<DocumentHit>(await documents.SearchAsync(caller.Tenant, body.Agent, body.Query, body.Limit, cancellation)));
    }

    private static RunFailure? Refuse(SearchDocuments body) => body switch
    {
        { Query: var query } when string.IsNullOrWhiteSpace(query) || query.Length > MaxQuery => RunFailure.Invalid("invalid_value", $"\"query\" must have 1 to {MaxQuery:N0} characters.", "query"),
        { Query: var query } when query.Contains('\0', StringComparison.Ordinal) => RunFailure.Invalid("invalid_value", "\"query\" holds the character U+0000; leave it out.", "query"),
        { Limit: < 1 or > MaxLimit } => RunFailure.Invalid("invalid_value", $"\"limit\" must be from 1 to {MaxLimit}.", "limit"),
        _ => null,
    };
}
