using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Intelligence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>DELETE /api/v1/security/intelligence/{id}</c>, and without an id everything of one <c>?source=</c>.</summary>
internal static class RemoveIntelligence
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string id, HttpContext http, IIntelligenceStore intelligence, CancellationToken cancellation) =>
        await intelligence.RemoveAsync(http.Caller().Tenant, id, cancellation)
            ? TypedResults.NoContent()
            : new FailureResult(RunFailure.NotFound("indicator_not_found", $"There is no indicator \"{id}\"; GET /api/v1/security/intelligence lists those there are.", "id"));

    public static async Task<Results<Ok<IntelligenceRemoved>, FailureResult>> HandleSource(HttpContext http, IIntelligenceStore intelligence, CancellationToken cancellation, string? source = null) =>
        string.IsNullOrEmpty(source)
            ? new FailureResult(RunFailure.Invalid("invalid_value", "Say whose entries are removed: \"?source=NAME\".", "source"))
            : TypedResults.Ok(new IntelligenceRemoved(await intelligence.RemoveSourceAsync(http.Caller().Tenant, source, cancellation)));
}
