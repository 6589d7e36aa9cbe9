using AgentSystem.Api.Http;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Budgets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Budgets;

/// <summary><c>GET /api/v1/budgets</c>: with the figures of the window that runs now.</summary>
internal static class ListBudgets
{
    public static async Task<Results<Ok<ListPage<BudgetView>>, FailureResult>> Handle(
        HttpContext http, IBudgetStore budgets, CancellationToken cancellation, string? scope = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        return page is null
            ? new FailureResult(failure!)
            : TypedResults.Ok(page.Page(await budgets.ListAsync(http.Caller().Tenant, scope, page.After, page.Limit + 1, cancellation), static budget => budget.Id));
    }
}
