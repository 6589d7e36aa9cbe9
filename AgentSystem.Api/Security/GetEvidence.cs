using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Threats.Verdicts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/incidents/{id}/evidence</c>: reports, flagged inputs, containments and what the audit log has, in one document.</summary>
internal static class GetEvidence
{
    private const int MostReports = 50, MostInputs = 200, MostContainments = 50, MostEntries = 200;
    private const string Key = "key:";
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);

    public static async Task<Results<Ok<IncidentEvidence>, FailureResult>> Handle(
        string id, HttpContext http, IIncidentStore incidents, IVerdictLog verdicts, IContainments containments, AuditReader audit, TimeProvider time, CancellationToken cancellation)
    {
        var tenant = http.Caller().Tenant;
        if (await incidents.FindAsync(tenant, id, cancellation) is not { } incident)
        {
            return new FailureResult(GetIncident.NoSuchIncident(id));
        }

        var reports = await incidents.ReportsAsync(tenant, id, MostReports, cancellation);
        var inputs = await verdicts.OfSubjectAsync(tenant, incident.Subject, incident.OpenedAt - Around, incident.LastAt + Around, MostInputs, cancellation);
        var placed = await containments.ListAsync(tenant, all: true, id, null, MostContainments, cancellation);
        return TypedResults.Ok(new IncidentEvidence(incident, reports, inputs, placed, await EntriesAsync(audit, tenant, incident, cancellation), time.GetUtcNow()));
    }

    /// <summary>What the subject did, and what was done to it.</summary>
    private static async Task<IReadOnlyList<AuditReference>> EntriesAsync(AuditReader audit, string tenant, IncidentView incident, CancellationToken cancellation)
    {
        var (from, to) = (incident.OpenedAt - Around, incident.LastAt + Around);
        var did = await audit.ListAsync(tenant, new AuditFilter(Actor: Actor(incident.Subject), From: from, To: to), null, MostEntries, cancellation);
        var met = await audit.ListAsync(tenant, new AuditFilter(Target: incident.Subject, From: from, To: to), null, MostEntries, cancellation);
        return
        [
            .. did.Concat(met).DistinctBy(static entry => entry.Id).OrderByDescending(static entry => entry.At).ThenByDescending(static entry => entry.Id, StringComparer.Ordinal)
                .Select(static entry => new AuditReference(entry.Id, entry.Hash, entry.At, entry.Action, entry.Decision)),
        ];
    }

    /// <summary>As the audit log calls it: whoever signed on otherwise than by a key has a kind in the id already.</summary>
    private static string Actor(string subject) =>
        subject.StartsWith(Key, StringComparison.Ordinal) && subject.IndexOf(':', Key.Length) > 0 ? subject[Key.Length..] : CallerAddress.Normal(subject) ?? subject;
}
