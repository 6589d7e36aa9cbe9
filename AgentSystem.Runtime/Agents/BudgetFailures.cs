using System.Globalization;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;

namespace AgentSystem.Runtime.Agents;

/// <summary>Says a budget's refusal in the words of a failed model call.</summary>
internal static class BudgetFailures
{
    public static ModelFailure Of(BudgetRefusal refusal) => new(429, ModelFailure.BudgetExceeded, Message(refusal), Retryable: false, refusal.ResetsIn) { Degrades = refusal.Degrade };

    private static string Message(BudgetRefusal refusal) =>
        $"The budget of {refusal.Scope} ({Usd(refusal.LimitUsd)} USD{Window(refusal.Window)}) has {Usd(refusal.RemainingUsd)} USD left, and this call may cost up to {Usd(refusal.NeededUsd)} USD; "
        + $"lower max_tokens, shorten the conversation{(refusal.ResetsIn is null ? "" : ", wait until it begins anew")}, or have an administrator raise it with PATCH /api/v1/budgets/{{id}}.";

    private static string Window(BudgetWindow window) => window == BudgetWindow.Total ? "" : $" a {window.ToString().ToLowerInvariant()}";

    private static string Usd(decimal usd) => usd.ToString("0.########", CultureInfo.InvariantCulture);
}
