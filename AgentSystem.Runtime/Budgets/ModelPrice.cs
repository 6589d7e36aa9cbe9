using AgentSystem.Contracts.Models;

namespace AgentSystem.Runtime.Budgets;

/// <summary>What tokens cost at a model's list price.</summary>
public static class ModelPrice
{
    private const decimal Million = 1_000_000m;

    /// <summary>USD; exact, 0 for a model without a price.</summary>
    public static decimal Cost(ModelView model, long input, long output)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ((input * model.InputUsdPerMillion) + (output * model.OutputUsdPerMillion)) / Million;
    }

    /// <summary>The most a call can cost, USD.</summary>
    public static decimal Cost(ModelView model, TokenBound bound)
    {
        ArgumentNullException.ThrowIfNull(bound);
        return Cost(model, bound.Input, bound.Output);
    }
}
