using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Threats.Intelligence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/intelligence</c>: counts in every process within seconds.</summary>
internal static class TakeIntelligence
{
    private const int LongestSource = 100, MostDays = 3650;
    private const double Unsaid = .7;

    public static async Task<Results<Ok<IntelligenceImported>, FailureResult>> Handle(
        ImportIntelligence body, HttpContext http, IIntelligenceStore intelligence, IOptions<ThreatsOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        var now = time.GetUtcNow();
        var read = IntelligenceBoard.Read(body.List, body.Bundle, body.Confidence ?? Unsaid, body.ExpiresInDays is { } days ? now.AddDays(days) : null);
        read.LeaveOut(http.Connection.RemoteIpAddress);
        var imported = await intelligence.ImportAsync(http.Caller().Tenant, body.Source, read.Found, options.Value.MaxIndicators, now, cancellation);
        return imported is { } kept
            ? TypedResults.Ok(new IntelligenceImported(kept, read.Skipped, read.SkippedCount))
            : new FailureResult(new RunFailure(
                409, "invalid_request_error", "too_many_indicators", $"With these the tenant would have more than {options.Value.MaxIndicators} indicators (Threats:MaxIndicators); remove a source first. Nothing was imported.", "list"));
    }

    private static RunFailure? Refuse(ImportIntelligence body) => body switch
    {
        { Source.Length: 0 or > LongestSource } => Invalid("source", $"\"source\" must have 1 to {LongestSource} characters."),
        { List: null, Bundle: null } or { List: not null, Bundle: not null } => Invalid("list", "Send either \"list\" or \"bundle\"."),
        { Confidence: < 0 or > 1 } => Invalid("confidence", "\"confidence\" must be from 0 to 1."),
        { ExpiresInDays: < 1 or > MostDays } => Invalid("expires_in_days", $"\"expires_in_days\" must be from 1 to {MostDays}; leave it out for entries that never expire."),
        _ => null,
    };

    private static RunFailure Invalid(string member, string message) => RunFailure.Invalid("invalid_value", message, member);
}
