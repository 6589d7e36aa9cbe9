using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Counts of what became of audited events.</summary>
internal sealed class AuditTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Audit";

    private readonly Counter<long> written;
    private readonly Counter<long> refused;
    private readonly Counter<long> lost;
    private readonly Counter<long> roots;

    public AuditTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        written = meter.CreateCounter<long>("audit_written", null, "Audit entries that are kept.");
        refused = meter.CreateCounter<long>("audit_refused", null, "Events that had to be kept at once and could not.");
        lost = meter.CreateCounter<long>("audit_lost", null, "Events that could have been written later and did not fit.");
        roots = meter.CreateCounter<long>("audit_roots", null, "Roots that were signed.");
    }

    public void Written(int count) => written.Add(count);

    public void Refused() => refused.Add(1);

    public void Lost() => lost.Add(1);

    public void Signed() => roots.Add(1);
}
