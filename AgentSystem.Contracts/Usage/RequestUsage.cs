namespace AgentSystem.Contracts.Usage;

/// <summary>Where one request's time, tokens and money went: <c>GET /api/v1/usage/requests/{id}</c>.</summary>
/// <param name="RequestId">The <c>x-request-id</c> of the answer.</param>
/// <param name="At">When it came in.</param>
/// <param name="Status">HTTP status of the answer; 499 when the client hung up.</param>
/// <param name="Outcome"><c>success</c>, or the error code.</param>
/// <param name="Cache"><c>miss</c>, <c>exact</c>, or <c>replayed</c> where an <c>Idempotency-Key</c> led to an answer that was given before.</param>
/// <param name="DurationMs">From the first byte in to the last byte out.</param>
/// <param name="FirstTokenMs">Until the first token of the answer; null when there was none.</param>
/// <param name="OverheadMs">Time outside model and tools.</param>
/// <param name="Attempts">Calls of the model that were sent: one for each step of the agent, and one for each retry.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Quality"><c>passed</c>, <c>truncated</c>, or what was wrong with the answer.</param>
/// <param name="ThreadId">The thread the request was a turn of; null when it named none.</param>
/// <param name="Fallbacks">Times a call went on to another model because one could not answer, or because a budget had no room for it.</param>
/// <param name="BudgetRemaining">USD left after it in the budget that has least; null when no budget counts it.</param>
public sealed record RequestUsage(
    string RequestId,
    string Tenant,
    string KeyId,
    string? User,
    string Agent,
    int AgentVersion,
    string AgentType,
    string Model,
    string Instance,
    DateTimeOffset At,
    int Status,
    string Outcome,
    string Cache,
    bool Streamed,
    int InputTokens,
    int OutputTokens,
    decimal CostUsd,
    double DurationMs,
    double? FirstTokenMs,
    double OverheadMs,
    int Attempts,
    string Quality,
    IReadOnlyList<ToolUse> Tools,
    string? ThreadId = null,
    int Fallbacks = 0,
    decimal? BudgetRemaining = null);

/// <summary>One tool call inside a request.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Outcome"><c>success</c> or <c>error</c>.</param>
/// <param name="DurationMs">Milliseconds it took.</param>
public sealed record ToolUse(string Name, string Outcome, double DurationMs);
