using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/incidents/{id}</c>.</summary>
internal static class GetIncident
{
    public static async Task<Results<Ok<IncidentView>, FailureResult>> Handle(string id, HttpContext http, IIncidentStore incidents, CancellationToken cancellation) =>
        await incidents.FindAsync(http.Caller().Tenant, id, cancellation) is { } incident ? TypedResults.Ok(incident) : new FailureResult(NoSuchIncident(id));

    /// <summary>Also the answer to an incident of another tenant.</summary>
    public static RunFailure NoSuchIncident(string id) => RunFailure.NotFound("incident_not_found", $"There is no incident \"{id}\"; GET /api/v1/security/incidents lists those there are.", "id");
}
