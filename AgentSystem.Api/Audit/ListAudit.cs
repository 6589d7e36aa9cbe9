using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Audit;

/// <summary><c>GET /api/v1/security/audit</c> and <c>/{id}</c>: the tenant's own entries.</summary>
internal static class ListAudit
{
    public static async Task<Results<Ok<ListPage<AuditEntryView>>, FailureResult>> Handle(
        HttpContext http, AuditReader audit, CancellationToken cancellation, string? actor = null, string? action = null, string? decision = null, string? from = null, string? to = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, AuditReader.IsId);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        var decided = decision is null ? null : AuditReader.Decision(decision);
        if (decision is not null && decided is null)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"decision\" must be allowed, allowed_with_monitoring, denied or failed.", "decision"));
        }

        var (begin, end) = (Moment(from), Moment(to));
        if ((from is not null && begin is null ? "from" : to is not null && end is null ? "to" : null) is { } wrong)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"{wrong}\" must be a time as RFC 3339 writes it, such as 2026-11-28T12:00:00Z.", wrong));
        }

        var filter = new AuditFilter(actor, action, http.Request.Query["object"], decided, begin, end);
        return TypedResults.Ok(page.Page(await audit.ListAsync(http.Caller().Tenant, filter, page.After, page.Limit + 1, cancellation), static entry => entry.Id));
    }

    public static async Task<Results<Ok<AuditEntryProof>, FailureResult>> HandleOne(string id, HttpContext http, AuditReader audit, CancellationToken cancellation) =>
        await audit.FindAsync(http.Caller().Tenant, id, cancellation) is { } found
            ? TypedResults.Ok(found)
            : new FailureResult(RunFailure.NotFound("audit_entry_not_found", "There is no entry of that id in the audit log; GET /api/v1/security/audit lists those there are."));

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
