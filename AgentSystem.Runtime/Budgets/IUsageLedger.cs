using AgentSystem.Contracts.Usage;

namespace AgentSystem.Runtime.Budgets;

/// <summary>What was spent: one row a model call.</summary>
public interface IUsageLedger
{
    /// <summary>Sums of a tenant's model calls.</summary>
    Task<UsageReport> ReportAsync(UsageQuery query, CancellationToken cancellation);
}

/// <summary>What is asked of the ledger.</summary>
/// <param name="Tenant">Whose calls.</param>
/// <param name="From">From this moment on.</param>
/// <param name="To">Up to this moment, not included.</param>
/// <param name="GroupBy">Members of <see cref="UsageGroups"/>, in the order of the request, none twice; empty: totals only.</param>
/// <param name="Skip">Groups already shown.</param>
/// <param name="Limit">Most groups.</param>
public sealed record UsageQuery(string Tenant, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> GroupBy, int Skip, int Limit);

/// <summary>What calls can be grouped by.</summary>
public static class UsageGroups
{
    /// <summary>By UTC day.</summary>
    public const string Day = "day";

    /// <summary>Every one there is.</summary>
    public static IReadOnlyList<string> All { get; } = [Day, "agent", "model", "key", "team", "user", "tenant"];
}
