using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats;

/// <summary>Counts of what was seen and done. Keys, users and addresses are no labels: there may be thousands.</summary>
internal sealed class ThreatTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Threats";

    private readonly Counter<long> opened;
    private readonly Counter<long> lost;
    private readonly Counter<long> placed;
    private readonly Counter<long> stopped;
    private readonly Counter<long> unaudited;

    public ThreatTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        opened = meter.CreateCounter<long>("incidents_opened", null, "Incidents opened, by kind.");
        lost = meter.CreateCounter<long>("incident_reports_lost", null, "Reports and verdicts that could not be kept.");
        placed = meter.CreateCounter<long>("containments_placed", null, "Containments placed, by kind and by whether the system or a person placed them.");
        stopped = meter.CreateCounter<long>("containment_refusals", null, "Requests and executions refused or stopped by containment, by its kind.");
        unaudited = meter.CreateCounter<long>("containments_unaudited", null, "Containments the system placed although the audit log could not be written.");
    }

    public void Opened(string kind) => opened.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Lost(int reports) => lost.Add(reports);

    public void Placed(ContainmentKind kind, bool bySystem) =>
        placed.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)), new KeyValuePair<string, object?>("by", bySystem ? "system" : "person"));

    public void Refused(ContainmentKind kind) => stopped.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    public void Unaudited() => unaudited.Add(1);

    private static string Word(ContainmentKind kind) => kind.ToString().ToLowerInvariant();
}
