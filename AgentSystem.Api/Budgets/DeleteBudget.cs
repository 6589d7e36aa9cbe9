using AgentSystem.Api.Http;
using AgentSystem.Runtime.Budgets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Budgets;

/// <summary><c>DELETE /api/v1/budgets/{id}</c>: nothing is limited by it any more; the ledger keeps its calls.</summary>
internal static class DeleteBudget
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string id, HttpContext http, IBudgetStore budgets, CancellationToken cancellation) =>
        await budgets.DeleteAsync(http.Caller().Tenant, id, cancellation)
            ? TypedResults.NoContent()
            : new FailureResult(BudgetRules.NoSuchBudget(id));
}
