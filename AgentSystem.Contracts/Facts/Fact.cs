using System.Text.Json.Serialization;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Contracts.Facts;

/// <summary>Something that happened. Facts are appended, never changed; the control plane reads them.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RequestServed), "request_served")]
[JsonDerivedType(typeof(BudgetWarned), BudgetWarned.Kind)]
public abstract record Fact(string Tenant, DateTimeOffset At);

/// <summary>A request was answered, refused or abandoned.</summary>
public sealed record RequestServed(string Tenant, DateTimeOffset At, RequestUsage Usage) : Fact(Tenant, At);

/// <summary>A budget reached its warning share. Told once a window, and again after its figures were changed.</summary>
/// <param name="BudgetId">Which.</param>
/// <param name="Scope">Whose calls are charged to it.</param>
/// <param name="LimitUsd">Its limit then.</param>
/// <param name="WarnAt">Its warning share then, 0 to 1.</param>
public sealed record BudgetWarned(string Tenant, DateTimeOffset At, string BudgetId, string Scope, decimal LimitUsd, decimal WarnAt) : Fact(Tenant, At)
{
    /// <summary>The kind of its rows.</summary>
    public const string Kind = "budget_warned";
}
