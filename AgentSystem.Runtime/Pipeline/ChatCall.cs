using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>One request as the edge hands it to the pipeline.</summary>
/// <param name="RequestId">The <c>x-request-id</c> of the answer.</param>
/// <param name="Endpoint">The <c>endpoint</c> label of metrics, e.g. <c>chat.completions</c>.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Target">What the client wrote as <c>model</c>: an agent's name, or <c>model:&lt;name&gt;</c>.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">Parameters and the client's own tools.</param>
/// <param name="User">The end user, if the client named one.</param>
/// <param name="Streamed">True when tokens shall leave as they come.</param>
/// <param name="Received">Timestamp (of the injected clock) at which the request came in.</param>
/// <param name="Thread">The thread the request belongs to (<c>metadata.thread_id</c>); <c>new</c> begins one; null: none.</param>
public sealed record ChatCall(
    string RequestId,
    string Endpoint,
    Caller Caller,
    string Target,
    IReadOnlyList<ChatMessage> Messages,
    ChatOptions Options,
    string? User,
    bool Streamed,
    long Received,
    string? Thread = null)
{
    /// <summary>The journal of a durable run; null: a chat call, which is a run that nothing is kept of.</summary>
    public RunJournal? Journal { get; init; }
}
