namespace AgentSystem.Runtime.Budgets;

/// <summary>The books in which credit is lent, set aside and settled. Everything is decided here, in one transaction; no process holds credit in memory.</summary>
internal interface IBudgetBooks
{
    /// <summary>Settles calls that ended and sets aside what others may cost, each in all of its budgets or in none. When it returns, what it granted survives this process.</summary>
    Task<TurnResult> TurnAsync(string holder, IReadOnlyList<CallEnd> ends, IReadOnlyList<CallRecord> starts, CancellationToken cancellation);

    /// <summary>Says that the holder lives, hands in what its calls used and gives back credit it does not need.</summary>
    Task BeatAsync(string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation);

    /// <summary>Settles every call of a holder that leaves, at the most it can have cost, and gives all other credit back.</summary>
    Task LeaveAsync(string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation);

    /// <summary>Does that for holders that were silent for so long; returns how many there were.</summary>
    Task<int> ReclaimAsync(TimeSpan silent, CancellationToken cancellation);
}
