using AgentSystem.Contracts.Budgets;

namespace AgentSystem.Web.Components.Pages.Budgets;

/// <summary>A budget as it is being filled in.</summary>
internal sealed class BudgetDraft
{
    /// <summary>What a budget can count, with the word a person reads.</summary>
    public static IReadOnlyList<(string Kind, string Words)> Kinds { get; } = [("tenant", "Everything"), ("agent", "An agent"), ("team", "A team"), ("key", "A key")];

    public string Kind { get; set; } = "tenant";

    public string Name { get; set; } = "";

    public decimal? LimitUsd { get; set; }

    public BudgetWindow Window { get; set; } = BudgetWindow.Month;

    public OnExceeded OnExceeded { get; set; }

    /// <summary>Percent.</summary>
    public int WarnAt { get; set; } = 80;

    /// <summary>The same figures as a budget there is.</summary>
    public static BudgetDraft Of(BudgetView budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return new BudgetDraft { LimitUsd = budget.LimitUsd, Window = budget.Window, OnExceeded = budget.OnExceeded, WarnAt = (int)(budget.WarnAt * 100) };
    }

    /// <summary>What is missing or out of range; null when the API may be asked.</summary>
    /// <param name="named">True when the scope is asked for, too.</param>
    public string? Problem(bool named) => this switch
    {
        { LimitUsd: null or < 0 } => "Give a limit of 0 USD or more.",
        { WarnAt: < 0 or > 100 } => "The warning is a share of the limit, 0 to 100 percent.",
        _ when named && string.IsNullOrWhiteSpace(Name) => "Say whose calls it counts.",
        _ => null,
    };

    public CreateBudget ToRequest() => new($"{Kind}:{Name.Trim()}", LimitUsd!.Value, Window, OnExceeded, WarnAt / 100m);

    public UpdateBudget ToChange() => new(LimitUsd, OnExceeded, WarnAt / 100m);
}
