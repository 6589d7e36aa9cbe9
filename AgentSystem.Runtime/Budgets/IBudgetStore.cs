using AgentSystem.Contracts.Budgets;

namespace AgentSystem.Runtime.Budgets;

/// <summary>Where budgets are kept. Limits of single runs are none of its: they come and go with the run.</summary>
public interface IBudgetStore
{
    /// <summary>Keeps a new budget; null when there is one of that scope and window already.</summary>
    Task<BudgetView?> AddAsync(string tenant, CreateBudget budget, string createdBy, CancellationToken cancellation);

    /// <summary>A part of a tenant's budgets, the newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="scope">Only of this scope; null: all.</param>
    /// <param name="after">Id of the last one already shown; null: from the start.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<BudgetView>> ListAsync(string tenant, string? scope, string? after, int limit, CancellationToken cancellation);

    /// <summary>One budget; null when the tenant has none of that id.</summary>
    Task<BudgetView?> FindAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>Changes what is given. A limit below what is spent is kept and stops further calls; credit lent out under the old one counts no longer.</summary>
    Task<BudgetView?> UpdateAsync(string tenant, string id, UpdateBudget change, CancellationToken cancellation);

    /// <summary>Removes a budget; the ledger keeps its calls. False when there is none.</summary>
    Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>The scopes that have a budget.</summary>
    Task<IReadOnlyCollection<string>> ScopesAsync(string tenant, CancellationToken cancellation);
}
