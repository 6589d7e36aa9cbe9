using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Verdicts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/verdicts</c>: <c>?limit=</c> says how many flagged inputs.</summary>
internal static class ListVerdicts
{
    public static async Task<Results<Ok<VerdictsView>, FailureResult>> Handle(HttpContext http, IVerdictLog verdicts, TimeProvider time, CancellationToken cancellation, string? limit = null)
    {
        var (page, failure) = PageRequest.Read(http);
        return page is null ? new FailureResult(failure!) : TypedResults.Ok(await verdicts.ReadAsync(http.Caller().Tenant, time.GetUtcNow(), page.Limit, cancellation));
    }
}
