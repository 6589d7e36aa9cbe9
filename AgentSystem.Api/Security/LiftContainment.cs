using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>DELETE /api/v1/security/containments/{id}</c>: it is lifted; its row stays for the record.</summary>
internal static class LiftContainment
{
    public static async Task<Results<Ok<ContainmentView>, FailureResult>> Handle(string id, HttpContext http, IContainments containments, CancellationToken cancellation) =>
        SecurityActs.Answer(
            await containments.LiftAsync(id, SecurityActs.Acting(http), cancellation),
            RunFailure.NotFound("containment_not_found", $"There is no containment \"{id}\"; GET /api/v1/security/containments lists those there are.", "id"));
}
