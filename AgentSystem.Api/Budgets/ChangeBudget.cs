using AgentSystem.Api.Http;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Budgets;

/// <summary><c>PATCH /api/v1/budgets/{id}</c>: absent members stay. A limit below what is spent stops further calls at once, in every process.</summary>
internal static class ChangeBudget
{
    public static async Task<Results<Ok<BudgetView>, FailureResult>> Handle(string id, UpdateBudget body, HttpContext http, IBudgetStore budgets, CancellationToken cancellation)
    {
        if (BudgetRules.Refuse(body.LimitUsd, body.WarnAt) is { } refused)
        {
            return new FailureResult(refused);
        }

        return await budgets.UpdateAsync(http.Caller().Tenant, id, body, cancellation) is { } budget
            ? TypedResults.Ok(budget)
            : new FailureResult(BudgetRules.NoSuchBudget(id));
    }
}
