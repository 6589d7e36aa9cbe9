using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Documents;

/// <summary>Which documents a key may see, and how the capability's refusals are answered.</summary>
internal static class DocumentAccess
{
    private const string IdStart = "doc_";

    /// <summary>A document of one agent is seen by the keys that may call that agent; one of all agents by every key of the tenant.</summary>
    public static DocumentReader Reader(this Caller caller) => new(caller.Tenant, caller.Agents.Contains("*") ? null : caller.Agents);

    /// <summary>Null when there is such an agent and the key may call it; both cases of no get the same answer.</summary>
    public static async Task<RunFailure?> ProblemAsync(string agent, Caller caller, IAgentStore agents, CancellationToken cancellation) =>
        !agent.Contains('\0', StringComparison.Ordinal) && caller.MayCall(agent) && await agents.FindAsync(caller.Tenant, agent, cancellation) is not null
            ? null
            : RunFailure.Invalid("unknown_agent", "There is no agent of that name that this key may call; GET /api/v1/agents lists them.", "agent");

    /// <summary>Also the answer to a document of another tenant or of an agent the key may not call: its existence is nobody's business.</summary>
    public static RunFailure NoSuchDocument { get; } = RunFailure.NotFound("document_not_found", "There is no document with this id.", "id");

    /// <summary>An id as the store can be asked for.</summary>
    public static bool IsId(string id) => id.Length is > 0 and <= 100 && !id.Contains('\0', StringComparison.Ordinal);

    /// <summary>An id as the store gives them; a cursor that holds anything else is of another list.</summary>
    public static bool IsKept(string id) => id.StartsWith(IdStart, StringComparison.Ordinal) && Guid.TryParseExact(id[IdStart.Length..], "N", out _);

    /// <param name="contentField">The field that held the content, which the capability calls <c>file</c>.</param>
    public static RunFailure ToFailure(this DocumentRefusal refusal, string contentField) => new(
        refusal.Status, refusal.Status < 500 ? "invalid_request_error" : "server_error", refusal.Code, refusal.Message, refusal.Field == "file" ? contentField : refusal.Field,
        refusal.Status == StatusCodes.Status503ServiceUnavailable ? TimeSpan.FromSeconds(5) : null);
}
