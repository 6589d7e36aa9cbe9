namespace AgentSystem.Runtime.Budgets;

/// <summary>One call of a model: while it is under way at the most it can cost, afterwards as it was.</summary>
/// <param name="Id">Names it; settling it twice changes nothing.</param>
/// <param name="Scope">On whose behalf.</param>
/// <param name="Model">The configured model.</param>
/// <param name="At">When it was sent.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens written.</param>
/// <param name="CostUsd">USD.</param>
/// <param name="Estimated">True when the provider did not tell its usage.</param>
public sealed record CallRecord(Guid Id, BudgetScope Scope, string Model, DateTimeOffset At, long InputTokens, long OutputTokens, decimal CostUsd, bool Estimated);

/// <summary>A call that ended, or was never sent.</summary>
/// <param name="Id">The call.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Reserved">True when something may be set aside for it; false: no budget counts it.</param>
/// <param name="Record">For the ledger; null: nothing was sold, so it cost nothing and leaves no row.</param>
internal sealed record CallEnd(Guid Id, string Tenant, bool Reserved, CallRecord? Record);

/// <summary>What the books say of a call that wants to be sent.</summary>
/// <param name="Reserved">True when something is set aside for it; false when no budget counts it, or one refused it.</param>
/// <param name="Remaining">USD left after it in the budget that has least; null without a budget.</param>
/// <param name="Refusal">Null when it may be sent.</param>
/// <param name="Contended">True when other processes hold credit of the budget that refused: asking again may find it given back.</param>
internal sealed record CallVerdict(bool Reserved, decimal? Remaining, BudgetRefusal? Refusal, bool Contended);

/// <summary>Why a budget has no room for a call.</summary>
/// <param name="Scope">The budget's scope.</param>
/// <param name="LimitUsd">Its limit.</param>
/// <param name="Window">Its window.</param>
/// <param name="NeededUsd">The most the call can cost.</param>
/// <param name="RemainingUsd">What is left.</param>
/// <param name="Degrade">True when every budget without room for it lets a cheaper model answer.</param>
/// <param name="ResetsIn">When there is room again; null: never by itself.</param>
public sealed record BudgetRefusal(string Scope, decimal LimitUsd, Contracts.Budgets.BudgetWindow Window, decimal NeededUsd, decimal RemainingUsd, bool Degrade, TimeSpan? ResetsIn);

/// <summary>A budget that reached its warning share.</summary>
internal sealed record BudgetWarning(string Tenant, string BudgetId, string Scope, decimal LimitUsd, decimal WarnAt);

/// <summary>What one turn of the books did.</summary>
/// <param name="Verdicts">By call, of those that wanted to be sent.</param>
/// <param name="Warnings">Budgets that reached their warning share in this turn.</param>
/// <param name="Overruns">Calls whose provider sold more than it was asked for.</param>
internal sealed record TurnResult(IReadOnlyDictionary<Guid, CallVerdict> Verdicts, IReadOnlyList<BudgetWarning> Warnings, int Overruns);
