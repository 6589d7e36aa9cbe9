using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threats.Intelligence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>GET /api/v1/security/intelligence</c>.</summary>
internal static class ListIntelligence
{
    public static async Task<Results<Ok<ListPage<IndicatorView>>, FailureResult>> Handle(
        HttpContext http, IIntelligenceStore intelligence, CancellationToken cancellation, string? source = null, string? kind = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        IndicatorKind? only = null;
        if (kind is not null)
        {
            if (!Enum.TryParse<IndicatorKind>(kind, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed) || char.IsAsciiDigit(kind[0]))
            {
                return new FailureResult(RunFailure.Invalid("invalid_value", "\"kind\" must be address, sha256, phrase, domain or url.", "kind"));
            }

            only = parsed;
        }

        return TypedResults.Ok(page.Page(await intelligence.ListAsync(http.Caller().Tenant, source, only, page.After, page.Limit + 1, cancellation), static indicator => indicator.Id));
    }
}
