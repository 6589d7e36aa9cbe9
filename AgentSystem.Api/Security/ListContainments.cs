using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/containments</c>: what is in force, or with <c>?all=true</c> what ever was.</summary>
internal static class ListContainments
{
    public static async Task<Results<Ok<ListPage<ContainmentView>>, FailureResult>> Handle(
        HttpContext http, IContainments containments, CancellationToken cancellation, string? all = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        return all is not (null or "true" or "false")
            ? new FailureResult(RunFailure.Invalid("invalid_value", "\"all\" must be true or false.", "all"))
            : TypedResults.Ok(page.Page(await containments.ListAsync(http.Caller().Tenant, all == "true", null, page.After, page.Limit + 1, cancellation), static containment => containment.Id));
    }
}
