using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Audit;

/// <summary><c>POST /api/v1/security/audit/erasures</c>: the key goes, the entries stay, and nobody reads the subject's names in them again.</summary>
internal static class EraseSubject
{
    private const int MaxLength = 500;

    public static async Task<Results<Ok<AuditSubjectErased>, FailureResult>> Handle(EraseAuditSubject body, HttpContext http, AuditReader audit, CancellationToken cancellation) =>
        body.Subject.Trim().Length is 0 or > MaxLength
            ? new FailureResult(RunFailure.Invalid("invalid_value", $"\"subject\" must have 1 to {MaxLength} characters: a name as entries show it.", "subject"))
            : TypedResults.Ok(new AuditSubjectErased(await audit.EraseAsync(http.Caller().Tenant, body.Subject.Trim(), cancellation)));
}
