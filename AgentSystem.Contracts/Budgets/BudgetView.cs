namespace AgentSystem.Contracts.Budgets;

/// <summary>A limit on spending as <c>/api/v1/budgets</c> shows it.</summary>
/// <param name="Id">What the paths name.</param>
/// <param name="Scope">Whose calls are charged to it: <c>key:ID</c>, <c>team:T</c>, <c>tenant:T</c> or <c>agent:NAME</c>.</param>
/// <param name="LimitUsd">Most USD within one window.</param>
/// <param name="Window">When it begins anew.</param>
/// <param name="OnExceeded">What happens to a call it has no room for.</param>
/// <param name="WarnAt">Share of the limit, 0 to 1, from which on it is in state <c>warning</c>.</param>
/// <param name="SpentUsd">USD of calls that ended, within the window.</param>
/// <param name="ReservedUsd">USD set aside for calls under way: each at the most it can cost.</param>
/// <param name="RemainingUsd">What neither is spent nor reserved; 0 when the limit was lowered below that.</param>
/// <param name="WindowStart">Since when it counts, UTC.</param>
/// <param name="WindowReset">When it begins anew, UTC; null: never.</param>
/// <param name="State">How full it is.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Name of the key that made it.</param>
/// <param name="WarnedAt">When it reached its warning share in this window; null: it has not.</param>
public sealed record BudgetView(
    string Id,
    string Scope,
    decimal LimitUsd,
    BudgetWindow Window,
    OnExceeded OnExceeded,
    decimal WarnAt,
    decimal SpentUsd,
    decimal ReservedUsd,
    decimal RemainingUsd,
    DateTimeOffset WindowStart,
    DateTimeOffset? WindowReset,
    BudgetState State,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? WarnedAt = null);

/// <summary>Body of <c>POST /api/v1/budgets</c>.</summary>
/// <param name="Scope"><c>key:ID</c>, <c>team:T</c>, <c>tenant:T</c> or <c>agent:NAME</c>.</param>
/// <param name="LimitUsd">0 or more.</param>
/// <param name="Window">Days, weeks (from Monday) and months of the UTC calendar, or the whole time.</param>
/// <param name="WarnAt">0 to 1; absent: 0.8.</param>
public sealed record CreateBudget(string Scope, decimal LimitUsd, BudgetWindow Window, OnExceeded OnExceeded = OnExceeded.Stop, decimal? WarnAt = null);

/// <summary>Body of <c>PATCH /api/v1/budgets/{id}</c>; absent members stay.</summary>
public sealed record UpdateBudget(decimal? LimitUsd = null, OnExceeded? OnExceeded = null, decimal? WarnAt = null);

/// <summary>When a budget begins anew, by the UTC calendar.</summary>
public enum BudgetWindow
{
    /// <summary>At midnight.</summary>
    Day,

    /// <summary>On Monday at midnight.</summary>
    Week,

    /// <summary>On the first of the month.</summary>
    Month,

    /// <summary>Never.</summary>
    Total,
}

/// <summary>What happens to a call a budget has no room for.</summary>
public enum OnExceeded
{
    /// <summary>It is refused with 429 <c>budget_exceeded</c>.</summary>
    Stop,

    /// <summary>The cheapest model that fits answers it; when none does, it is refused.</summary>
    Degrade,
}

/// <summary>How full a budget is.</summary>
public enum BudgetState
{
    /// <summary>Below its warning share.</summary>
    Ok,

    /// <summary>At its warning share or above.</summary>
    Warning,

    /// <summary>Nothing is left.</summary>
    Exceeded,
}
