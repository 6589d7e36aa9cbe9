using AgentSystem.Api.Http;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Budgets;

/// <summary><c>GET /api/v1/budgets/{id}</c>.</summary>
internal static class GetBudget
{
    public static async Task<Results<Ok<BudgetView>, FailureResult>> Handle(string id, HttpContext http, IBudgetStore budgets, CancellationToken cancellation) =>
        await budgets.FindAsync(http.Caller().Tenant, id, cancellation) is { } budget
            ? TypedResults.Ok(budget)
            : new FailureResult(BudgetRules.NoSuchBudget(id));
}
