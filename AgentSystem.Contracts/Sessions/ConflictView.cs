using System.Text.Json;

namespace AgentSystem.Contracts.Sessions;

/// <summary>Two values for one key: <c>GET /api/v1/state/conflicts</c>.</summary>
/// <param name="Reason"><c>changed</c> by somebody else; or the update could not be applied any more: <c>misfit</c>, <c>limit</c>, <c>not_yours</c>.</param>
/// <param name="Rule">The rule it fell under.</param>
/// <param name="Status"><c>open</c> or <c>resolved</c>.</param>
/// <param name="Current">The value that was there; null when there was none.</param>
/// <param name="CurrentVersion">The session's version that had made it; 0 when there was none.</param>
/// <param name="Incoming">What the update brought.</param>
/// <param name="Strategy">How it would have changed the value.</param>
/// <param name="CurrentAgent">The agent that wrote the value that was there.</param>
/// <param name="IncomingAgent">The agent that wrote the other.</param>
/// <param name="Kept">Of a resolved one: <c>current</c>, <c>incoming</c> or <c>value</c>.</param>
/// <param name="ResolvedBy">The key that decided; <c>rule</c> when none had to.</param>
public sealed record ConflictView(
    string Id,
    string Agent,
    string Session,
    string Key,
    string Reason,
    ConflictRule Rule,
    string Status,
    JsonElement? Current,
    long CurrentVersion,
    JsonElement Incoming,
    StateStrategy Strategy,
    string? CurrentAgent,
    string IncomingAgent,
    string TransactionId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ResolvedAt,
    string? ResolvedBy,
    string? Kept);

/// <summary>Body of <c>POST /api/v1/state/conflicts/{id}/resolve</c>.</summary>
/// <param name="Choice"><c>current</c> leaves the key as it is now, <c>incoming</c> applies the update after all, <c>value</c> sets another.</param>
/// <param name="Value">With the choice <c>value</c>.</param>
public sealed record ResolveConflict(string Choice, JsonElement? Value = null);
