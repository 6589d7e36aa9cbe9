using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/incidents/{id}/resolve</c>.</summary>
internal static class CloseIncident
{
    private const int LongestNote = 2_000;

    public static async Task<Results<Ok<IncidentView>, FailureResult>> Handle(
        string id, ResolveIncident body, HttpContext http, IIncidentStore incidents, IIncidentResponse response, CancellationToken cancellation)
    {
        if (body.Note?.Length > LongestNote)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"note\" must have at most {LongestNote} characters.", "note"));
        }

        return await incidents.FindAsync(http.Caller().Tenant, id, cancellation) is not { } incident
            ? new FailureResult(GetIncident.NoSuchIncident(id))
            : SecurityActs.Answer(await response.ResolveAsync(incident, body.Note, body.Lift ?? true, SecurityActs.Acting(http), cancellation), GetIncident.NoSuchIncident(id));
    }
}
