using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/incidents</c>.</summary>
internal static class ListIncidents
{
    public static async Task<Results<Ok<ListPage<IncidentView>>, FailureResult>> Handle(
        HttpContext http, IIncidentStore incidents, CancellationToken cancellation, string? status = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        IncidentStatus? only = null;
        if (status is not null)
        {
            if (!Enum.TryParse<IncidentStatus>(status, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed) || char.IsAsciiDigit(status[0]))
            {
                return new FailureResult(RunFailure.Invalid("invalid_value", "\"status\" must be open, contained or resolved.", "status"));
            }

            only = parsed;
        }

        return TypedResults.Ok(page.Page(await incidents.ListAsync(http.Caller().Tenant, only, page.After, page.Limit + 1, cancellation), static incident => incident.Id));
    }
}
