using AgentSystem.Contracts.Monitoring;

namespace AgentSystem.Runtime.Runs;

/// <summary>What many requests come to.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Errors">Those answered with a status of 400 or more; a client that hung up (499) is no error.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens written.</param>
/// <param name="CostUsd">USD.</param>
/// <param name="CacheHits">Those answered from the cache.</param>
/// <param name="P50Ms">Median duration in milliseconds of those that were served, by the nearest rank: half of them took no longer; null when there were none.</param>
/// <param name="P95Ms">The same for 95 of 100.</param>
/// <param name="FirstTokenP95Ms">Milliseconds until the first token that 95 of 100 did not exceed, of those that had one.</param>
/// <param name="Minutes">The minutes in which any came in, oldest first.</param>
public sealed record RequestFigures(
    int Requests,
    int Errors,
    long InputTokens,
    long OutputTokens,
    decimal CostUsd,
    int CacheHits,
    double? P50Ms,
    double? P95Ms,
    double? FirstTokenP95Ms,
    IReadOnlyList<MinuteBucket> Minutes);
