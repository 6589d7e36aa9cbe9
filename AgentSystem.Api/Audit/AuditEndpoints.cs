using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Audit;

/// <summary>Routes of the audit log: reading needs <c>security:read</c>, erasing <c>admin</c>.</summary>
internal static class AuditEndpoints
{
    /// <summary>Maps <c>/api/v1/security/audit</c>.</summary>
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/security/audit").WithTags("Audit").RequireAuthorization(Scopes.SecurityRead);
        audit.MapGet("/", ListAudit.Handle).WithName("ListAuditEntries").WithSummary("Who did what and what was refused, the newest first")
            .WithDescription("`?actor=`, `?action=` (`key.revoke`, or `key.` for every act on keys), `?object=`, `?decision=`, `?from=` and `?to=` (RFC 3339) narrow the list; `?limit=` and `?cursor=` page.");
        audit.MapGet("/verify", VerifyAudit.Handle).WithName("VerifyAudit").WithSummary("Verify chains, roots and signatures, and say exactly what is wrong and where");
        audit.MapGet("/export", ExportAudit.Handle).WithName("ExportAudit").WithSummary("Everything that is needed to verify the log without this server, as lines of JSON")
            .Produces(StatusCodes.Status200OK, contentType: ExportAudit.MediaType);
        audit.MapGet("/key", VerifyAudit.HandleKey).WithName("GetAuditKey").WithSummary("The public key that checks the roots' signatures");
        audit.MapGet("/roots", VerifyAudit.HandleRoots).WithName("ListAuditRoots").WithSummary("Signed roots over all entries, the newest first");
        audit.MapGet("/consistency", VerifyAudit.HandleConsistency).WithName("GetAuditConsistency").WithSummary("The proof that one root is the beginning of a later one")
            .WithDescription("`?from=` and `?to=` are sizes of two roots.").Produces<Http.Problem>(StatusCodes.Status404NotFound, "application/problem+json");
        audit.MapGet("/{id}", ListAudit.HandleOne).WithName("GetAuditEntry").WithSummary("One entry, its canonical form and the way from it to a signed root");
        audit.MapPost("/erasures", EraseSubject.Handle).WithName("EraseAuditSubject").WithSummary("Delete the key under which a subject's names in the log are sealed, for good")
            .WithDescription("The chain and every proof hold as before; what named the subject reads `(erased)`.").RequireAuthorization(Scopes.Admin);
    }
}
