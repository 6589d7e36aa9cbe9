using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Threats.Verdicts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/incidents/{id}/evidence</c>: reports, flagged inputs and containments in one document.</summary>
internal static class GetEvidence
{
    private const int MostReports = 50, MostInputs = 200, MostContainments = 50;
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);

    public static async Task<Results<Ok<IncidentEvidence>, FailureResult>> Handle(
        string id, HttpContext http, IIncidentStore incidents, IVerdictLog verdicts, IContainments containments, TimeProvider time, CancellationToken cancellation)
    {
        var tenant = http.Caller().Tenant;
        if (await incidents.FindAsync(tenant, id, cancellation) is not { } incident)
        {
            return new FailureResult(GetIncident.NoSuchIncident(id));
        }

        var reports = await incidents.ReportsAsync(tenant, id, MostReports, cancellation);
        var inputs = await verdicts.OfSubjectAsync(tenant, incident.Subject, incident.OpenedAt - Around, incident.LastAt + Around, MostInputs, cancellation);
        var placed = await containments.ListAsync(tenant, all: true, id, null, MostContainments, cancellation);
        return TypedResults.Ok(new IncidentEvidence(incident, reports, inputs, placed, time.GetUtcNow()));
    }
}
