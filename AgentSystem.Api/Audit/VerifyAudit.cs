using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Audit;

/// <summary><c>GET /api/v1/security/audit/verify</c>, <c>/key</c>, <c>/roots</c> and <c>/consistency</c>: hashes and signatures, which are no tenant's.</summary>
internal static class VerifyAudit
{
    public static async Task<Ok<AuditVerification>> Handle(AuditProofs proofs, CancellationToken cancellation) => TypedResults.Ok(await proofs.VerifyAsync(cancellation));

    public static Ok<AuditKeyView> HandleKey(AuditProofs proofs) => TypedResults.Ok(proofs.Key);

    public static async Task<Results<Ok<ListPage<AuditRootView>>, FailureResult>> HandleRoots(HttpContext http, AuditReader audit, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, static key => Size(key) is not null);
        return page is null
            ? new FailureResult(failure!)
            : TypedResults.Ok(page.Page(await audit.RootsAsync(page.After is null ? null : Size(page.After), page.Limit + 1, cancellation), static root => root.Size.ToString(CultureInfo.InvariantCulture)));
    }

    public static async Task<Results<Ok<AuditConsistency>, FailureResult>> HandleConsistency(AuditReader audit, CancellationToken cancellation, string? from = null, string? to = null)
    {
        if (Size(from) is not { } earlier)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"from\" must be the size of a root; GET /api/v1/security/audit/roots lists them.", "from"));
        }

        if (Size(to) is not { } later || later < earlier)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"to\" must be the size of a root that is not before \"from\".", "to"));
        }

        return await audit.ConsistencyAsync(earlier, later, cancellation) is { } proof
            ? TypedResults.Ok(proof)
            : new FailureResult(RunFailure.NotFound("audit_root_not_found", "There is no root of one of these sizes; GET /api/v1/security/audit/roots lists those there are."));
    }

    private static long? Size(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;
}
