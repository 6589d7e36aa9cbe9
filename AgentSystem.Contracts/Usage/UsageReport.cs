namespace AgentSystem.Contracts.Usage;

/// <summary>What model calls came to: <c>GET /api/v1/usage</c>.</summary>
/// <param name="From">From this moment on, UTC.</param>
/// <param name="To">Up to this moment, which is not included, UTC.</param>
/// <param name="Totals">Of all rows, of the other pages too.</param>
/// <param name="Data">The groups of this page: by day the newest first, otherwise the dearest first.</param>
/// <param name="NextCursor">Pass it as <c>?cursor=</c> for the next page; null on the last page.</param>
public sealed record UsageReport(DateTimeOffset From, DateTimeOffset To, UsageTotals Totals, IReadOnlyList<UsageGroup> Data, string? NextCursor = null);

/// <summary>Sums of model calls.</summary>
/// <param name="Calls">Calls of a model, each retry and step one.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens written.</param>
/// <param name="CostUsd">USD.</param>
/// <param name="EstimatedCalls">Of the calls those whose provider never told its usage; they are charged the most they can have cost.</param>
public sealed record UsageTotals(long Calls, long InputTokens, long OutputTokens, decimal CostUsd, long EstimatedCalls);

/// <summary>One group; the members that were not asked for are null, and so is one that the calls did not have.</summary>
/// <param name="Day">yyyy-mm-dd, UTC.</param>
/// <param name="Agent">The agent, or <c>model:NAME</c> of a bare model.</param>
/// <param name="Model">The configured model.</param>
/// <param name="Key">Id of the key.</param>
public sealed record UsageGroup(
    string? Day, string? Agent, string? Model, string? Key, string? Team, string? User, string? Tenant,
    long Calls, long InputTokens, long OutputTokens, decimal CostUsd, long EstimatedCalls);
