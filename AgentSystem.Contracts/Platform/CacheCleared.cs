namespace AgentSystem.Contracts.Platform;

/// <summary>Answer to <c>DELETE /api/v1/cache</c>.</summary>
/// <param name="Removed">Answers that were forgotten.</param>
public sealed record CacheCleared(long Removed);
