using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Web.Clients.Budgets;

/// <summary>Limits on spending, and what was spent.</summary>
internal sealed class BudgetCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/budgets";

    public Task<ApiResult<ListPage<BudgetView>>> ListAsync(string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<BudgetView>>(ApiCall.With(Root, ("cursor", cursor)), cancellation);

    public Task<ApiResult<BudgetView>> CreateAsync(CreateBudget budget, CancellationToken cancellation) => transport.PostAsync<BudgetView>(Root, budget, cancellation);

    public Task<ApiResult<BudgetView>> ChangeAsync(string id, UpdateBudget change, CancellationToken cancellation) =>
        transport.SendAsync<BudgetView>(new ApiCall(HttpMethod.Patch, PathOf(id), change), cancellation);

    public Task<ApiFailure?> DeleteAsync(string id, CancellationToken cancellation) => transport.DeleteAsync(PathOf(id), cancellation);

    /// <param name="groupBy">What the calls are grouped by: day, agent, model, key, team or user.</param>
    /// <param name="from">The first day, UTC; null: the first of this month.</param>
    public Task<ApiResult<UsageReport>> UsageAsync(string groupBy, DateOnly? from, CancellationToken cancellation) =>
        transport.GetAsync<UsageReport>(ApiCall.With("/api/v1/usage", ("group_by", groupBy), ("from", from?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("limit", "100")), cancellation);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
