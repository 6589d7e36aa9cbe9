using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Budgets;

/// <summary>Counts of what budgets did. Their names are no labels: a tenant may have thousands.</summary>
internal sealed class BudgetTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Budgets";

    private readonly Counter<long> refused;
    private readonly Counter<long> degraded;
    private readonly Counter<long> warned;
    private readonly Counter<long> overruns;
    private readonly Counter<long> reclaimed;
    private readonly Counter<long> lost;
    private readonly Histogram<double> turn;

    public BudgetTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        refused = meter.CreateCounter<long>("budget_refusals", null, "Calls a budget had no room for, by the kind of its scope.");
        degraded = meter.CreateCounter<long>("budget_degradations", null, "Calls that went on to a cheaper model because a budget had no room for the one that was asked for.");
        warned = meter.CreateCounter<long>("budget_warnings", null, "Budgets that reached their warning share, once a window, by the kind of their scope.");
        overruns = meter.CreateCounter<long>("budget_overruns", null, "Calls whose provider sold more than the most it was asked for.");
        reclaimed = meter.CreateCounter<long>("budget_holders_reclaimed", null, "Silent processes whose calls were settled at the most they can have cost.");
        lost = meter.CreateCounter<long>("budget_settlements_lost", null, "Ended calls the database could not keep.");
        turn = meter.CreateHistogram<double>("budget_turn_duration", "s", "Seconds of one turn of the books, which serves many calls.");
    }

    public void Refused(string scope) => refused.Add(1, Kind(scope));

    public void Degraded() => degraded.Add(1);

    public void Warned(string scope) => warned.Add(1, Kind(scope));

    public void Overran(int calls) => overruns.Add(calls);

    public void Reclaimed(int holders) => reclaimed.Add(holders);

    public void Lost(int settlements) => lost.Add(settlements);

    public void Turned(TimeSpan duration) => turn.Record(duration.TotalSeconds);

    private static KeyValuePair<string, object?> Kind(string scope) => new("scope", BudgetScopes.Kind(scope));
}
