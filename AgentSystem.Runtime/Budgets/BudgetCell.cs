namespace AgentSystem.Runtime.Budgets;

/// <summary>Names one window of one budget.</summary>
internal readonly record struct CellKey(string Tenant, string BudgetId, DateTimeOffset StartsAt) : IComparable<CellKey>
{
    /// <summary>The order in which everybody locks, so that nobody waits in a circle.</summary>
    public int CompareTo(CellKey other) =>
        string.CompareOrdinal(Tenant, other.Tenant) is var tenant and not 0 ? tenant
        : string.CompareOrdinal(BudgetId, other.BudgetId) is var budget and not 0 ? budget
        : StartsAt.CompareTo(other.StartsAt);
}

/// <summary>
/// The arithmetic of one window of one budget, as one process sees it. Of the window: <c>spent</c> is settled for good, <c>granted</c> is lent to processes.
/// Of the process's lease: <c>credit</c> is lent and not used, <c>sent</c> set aside for calls under way, <c>used</c> settled and not yet handed in.
/// Always: spent + granted &lt;= ceiling, and granted is the sum of all leases. All in USD, exact.
/// </summary>
internal sealed class BudgetCell
{
    /// <summary>What the operator set.</summary>
    public required decimal Limit { get; init; }

    public decimal Ceiling { get; set; }

    public decimal Spent { get; set; }

    public decimal Granted { get; set; }

    public decimal Credit { get; set; }

    public decimal Sent { get; set; }

    public decimal Used { get; set; }

    /// <summary>True once the window's own figures were changed.</summary>
    public bool WindowChanged { get; private set; }

    /// <summary>True once the lease was changed.</summary>
    public bool LeaseChanged { get; private set; }

    /// <summary>What may still be lent.</summary>
    public decimal Available => Limit - Spent - Granted;

    /// <summary>True when the limit was lowered below what is spent and lent: then no credit of earlier counts.</summary>
    public bool Lowered => Spent + Granted > Limit;

    /// <summary>True when the window must be locked before calls of this much can be sent.</summary>
    public bool MustDraw(decimal needed) => Credit < needed || (Lowered && Credit > 0);

    /// <summary>Draws credit for calls that need this much together. The window must be locked.</summary>
    public void Draw(decimal needed)
    {
        if (Lowered && Credit > 0)
        {
            GiveBack();
        }

        var drawn = LeasePolicy.Draw(needed - Credit, Available);
        if (drawn > 0)
        {
            (Granted, Credit) = (Granted + drawn, Credit + drawn);
            Touch(window: true);
        }
    }

    /// <summary>Takes idle credit over from another process's lease; what the window has lent stays the same.</summary>
    public void TakeOver(decimal amount)
    {
        Credit += amount;
        Touch(window: false);
    }

    /// <summary>True, with the amount set aside, when there is credit for a call.</summary>
    public void Send(decimal amount)
    {
        if (amount > Credit)
        {
            throw new InvalidOperationException($"A call of {amount} USD cannot be sent on a credit of {Credit} USD: it must be drawn first.");
        }

        (Credit, Sent) = (Credit - amount, Sent + amount);
        Touch(window: false);
    }

    /// <summary>True when settling would cost more than was set aside, which needs the window locked.</summary>
    public static bool Overruns(decimal reserved, decimal actual) => actual > reserved;

    /// <summary>A call ended: what it cost is used, the rest is credit again. When a provider sold more than it was asked for, that is charged all the same, and the ceiling says so.</summary>
    public void Settle(decimal reserved, decimal actual)
    {
        (Sent, Used) = (Sent - reserved, Used + actual);
        if (Overruns(reserved, actual))
        {
            Granted += actual - reserved;
            Ceiling = Math.Max(Ceiling, Spent + Granted);
            Touch(window: true);
        }
        else
        {
            Credit += reserved - actual;
            Touch(window: false);
        }
    }

    /// <summary>Hands in what was used and gives unused credit back; calls under way stay set aside. The window must be locked.</summary>
    public void Fold()
    {
        (Spent, Granted) = (Spent + Used, Granted - Used - Credit);
        (Used, Credit) = (0, 0);
        Touch(window: true);
    }

    /// <summary>The process is dead: its calls under way are settled at the most they can have cost. The window must be locked.</summary>
    public void Bury()
    {
        (Used, Sent) = (Used + Sent, 0);
        Fold();
    }

    /// <summary>The operator set another limit. The ceiling is never below what is spent and lent.</summary>
    public static decimal CeilingFor(decimal limit, decimal spent, decimal granted) => Math.Max(limit, spent + granted);

    private void GiveBack()
    {
        (Granted, Credit) = (Granted - Credit, 0);
        Touch(window: true);
    }

    private void Touch(bool window)
    {
        LeaseChanged = true;
        WindowChanged |= window;
    }
}
