namespace AgentSystem.Contracts.Runs;

/// <summary>A tool call that a person decides about: <c>GET /api/v1/runs/{id}/approvals</c>. It is bound to these arguments: a call with others asks anew.</summary>
/// <param name="Step">The step of the run.</param>
/// <param name="Tool">What would be called.</param>
/// <param name="Arguments">With what: JSON as text, whole.</param>
/// <param name="ArgumentsHash">SHA-256 of tool and arguments, in hexadecimal.</param>
/// <param name="Effect">What the tool does to the world: <c>once</c> or <c>unsafe</c>.</param>
/// <param name="Why"><c>approval</c>: the tool is asked about each time. <c>unknown</c>: it was called, and nobody knows whether that happened; approved, it is called again.</param>
/// <param name="State"><c>pending</c>, <c>approved</c>, <c>rejected</c>, or <c>obsolete</c> when the run ended first.</param>
/// <param name="AskedAt">When the run came to it.</param>
/// <param name="DecidedBy">The key that decided.</param>
public sealed record ApprovalView(
    string Id,
    string RunId,
    int Step,
    string Tool,
    string Arguments,
    string ArgumentsHash,
    string Effect,
    string Why,
    string State,
    DateTimeOffset AskedAt,
    DateTimeOffset? DecidedAt,
    string? DecidedBy,
    string? Reason);

/// <summary>Body of <c>POST /api/v1/runs/{id}/approvals</c>.</summary>
/// <param name="Decision"><c>approve</c>: the call is made with exactly these arguments. <c>reject</c>: it is not, and the agent is told the reason.</param>
/// <param name="Id">The approval; absent: the one the run waits for.</param>
/// <param name="Reason">At most 1,000 characters.</param>
/// <param name="ArgumentsHash">What the person saw; the decision is refused when the call is another. Absent: not compared.</param>
public sealed record DecideApproval(string Decision, string? Id = null, string? Reason = null, string? ArgumentsHash = null);
