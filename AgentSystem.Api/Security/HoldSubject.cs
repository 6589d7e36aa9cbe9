using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/incidents/{id}/contain</c>.</summary>
internal static class HoldSubject
{
    public static async Task<Results<Ok<IncidentView>, FailureResult>> Handle(
        string id, ContainIncident body, HttpContext http, IIncidentStore incidents, IIncidentResponse response, CancellationToken cancellation)
    {
        if (await incidents.FindAsync(http.Caller().Tenant, id, cancellation) is not { } incident)
        {
            return new FailureResult(GetIncident.NoSuchIncident(id));
        }

        if ((SecurityActs.Refuse(null, body.Minutes) ?? SecurityActs.RefuseKind(body.Action, incident.Subject, http, "action")) is { } refused)
        {
            return new FailureResult(refused);
        }

        var span = body.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : (TimeSpan?)null;
        return SecurityActs.Answer(await response.ContainAsync(incident, body.Action, span, SecurityActs.Acting(http), cancellation), GetIncident.NoSuchIncident(id));
    }
}
