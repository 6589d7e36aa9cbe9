namespace AgentSystem.Contracts.Json;

/// <summary>One page of a list on the platform surface.</summary>
/// <param name="Data">The rows of this page.</param>
/// <param name="NextCursor">Pass it as <c>?cursor=</c> for the next page; null on the last page.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Data, string? NextCursor = null);
