using AgentSystem.Api.Http.Audit;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Security;

/// <summary>Routes of security.</summary>
internal static class SecurityEndpoints
{
    /// <summary>Maps <c>/api/v1/security</c>.</summary>
    public static void MapSecurity(this IEndpointRouteBuilder api) =>
        api.MapPost("/security/screen", ScreenItems.Handle).WithTags("Security").WithName("ScreenTexts").WithSummary("Look for injections, harm, personal data and secrets in texts")
            .WithDescription("1 to 500 texts, together at most 1 MB. Nothing is kept, and nothing of a text is logged.")
            .ThatOnlyReads().RequireAuthorization(Scopes.SecurityRead);
}
