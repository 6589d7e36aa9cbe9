namespace AgentSystem.Contracts.Responses;

/// <summary>A row of <c>GET /api/v1/responses</c>; the whole response is at <c>GET /v1/responses/{id}</c>.</summary>
/// <param name="Id"><c>resp_...</c></param>
/// <param name="Status"><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>failed</c> or <c>cancelled</c>, as of its last change: one in the foreground whose process died says so when it is read itself.</param>
/// <param name="Background">True when it is made whether somebody waits or not; only such a one can be cancelled.</param>
/// <param name="Model">What was asked: an agent, or <c>model:</c> and a model's name.</param>
/// <param name="User">On whose behalf.</param>
/// <param name="Input">The beginning of what was asked last; empty where that is no text, or the request was longer than 64 KB.</param>
/// <param name="PreviousResponseId">The response it goes on from.</param>
/// <param name="RunId">The run that makes it; null in the foreground.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="CompletedAt">When it ended; null before.</param>
public sealed record ResponseSummary(
    string Id,
    string Status,
    bool Background,
    string Model,
    string User,
    string Input,
    string? PreviousResponseId,
    string? RunId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt);
