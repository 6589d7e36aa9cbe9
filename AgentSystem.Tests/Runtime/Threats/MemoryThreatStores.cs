using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Incidents;

namespace AgentSystem.Tests.Runtime.Threats;

/// <summary>Containments and incidents in lists, for tests of what is decided about them.</summary>
internal sealed class MemoryThreatStores : IContainmentStore, IIncidentStore
{
    public List<ContainmentView> Placed { get; } = [];

    public List<IncidentView> Incidents { get; } = [];

    public Task<IReadOnlyCollection<Contained>> InForceAsync(DateTimeOffset now, CancellationToken cancellation) => Task.FromResult<IReadOnlyCollection<Contained>>(
        [.. Placed.Where(each => each.LiftedAt is null && (each.ExpiresAt is null || each.ExpiresAt > now)).Select(static each => new Contained("default", each.Id, each.Kind, each.Scope, each.RequestsPerMinute))]);

    public Task<ContainmentView> PlaceAsync(NewContainment containment, CancellationToken cancellation)
    {
        var placed = new ContainmentView(
            $"ctm_{Placed.Count}", containment.Kind, containment.Scope, containment.Reason, 1, containment.By, containment.At, containment.ExpiresAt, containment.IncidentId, containment.RequestsPerMinute);
        Placed.Add(placed);
        return Task.FromResult(placed);
    }

    public Task<ContainmentView?> LiftAsync(string tenant, string id, string by, DateTimeOffset at, CancellationToken cancellation)
    {
        var place = Placed.FindIndex(each => each.Id == id);
        return Task.FromResult<ContainmentView?>(place < 0 ? null : Placed[place] = Placed[place] with { LiftedAt = at, LiftedBy = by });
    }

    public Task<IReadOnlyList<ContainmentView>> ListAsync(string tenant, DateTimeOffset? inForceAt, string? incidentId, string? after, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ContainmentView>>([.. Placed]);

    public Task<(IncidentView Incident, bool IsNew)> ReportAsync(IncidentReport report, DateTimeOffset at, CancellationToken cancellation)
    {
        var place = Incidents.FindIndex(each => each.Kind == report.Kind && each.Subject == report.Subject && each.Status != IncidentStatus.Resolved);
        if (place < 0)
        {
            Incidents.Add(new IncidentView($"inc_{Incidents.Count}", report.Kind, report.Subject, report.Severity, IncidentStatus.Open, report.Summary, 1, at, at, []));
            return Task.FromResult((Incidents[^1], true));
        }

        return Task.FromResult((Incidents[place] = Incidents[place] with { Reports = Incidents[place].Reports + 1 }, false));
    }

    public Task<IncidentView?> FindAsync(string tenant, string id, CancellationToken cancellation) => Task.FromResult(Incidents.Find(each => each.Id == id));

    public Task<IReadOnlyList<IncidentView>> ListAsync(string tenant, IncidentStatus? status, string? after, int limit, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<IncidentView>>([.. Incidents]);

    public Task<IReadOnlyList<IncidentReportView>> ReportsAsync(string tenant, string id, int limit, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<IncidentReportView>>([]);

    public Task<IncidentView?> ContainedAsync(string tenant, string id, string containmentId, CancellationToken cancellation) =>
        Task.FromResult(Change(id, each => each with { Status = IncidentStatus.Contained, Containments = [.. each.Containments, containmentId] }));

    public Task<IncidentView?> ResolveAsync(string tenant, string id, string by, string? note, DateTimeOffset at, CancellationToken cancellation) =>
        Task.FromResult(Change(id, each => each with { Status = IncidentStatus.Resolved, ResolvedBy = by, ResolvedAt = at, Note = note }));

    private IncidentView? Change(string id, Func<IncidentView, IncidentView> change)
    {
        var place = Incidents.FindIndex(each => each.Id == id);
        return place < 0 ? null : Incidents[place] = change(Incidents[place]);
    }
}
