using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace AgentSystem.Api.Http;

/// <summary>One policy per scope, named like it. An endpoint without a policy needs a key all the same: that is the fallback.</summary>
internal static class Policies
{
    /// <summary>Who may say how an answer was: who got it, and who was given the scope for it.</summary>
    public const string FeedbackOrChat = Scopes.Feedback + "|" + Scopes.Chat;

    /// <summary>Adds key authentication and a policy for every scope.</summary>
    public static void AddKeyPolicies(this IServiceCollection services)
    {
        services.AddAuthentication(KeyAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthenticationHandler>(KeyAuthenticationHandler.SchemeName, null);
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAssertion(context => Holds(context, scope)));
        }

        authorization.AddPolicy(FeedbackOrChat, policy => policy.RequireAssertion(static context => Holds(context, Scopes.Feedback) || Holds(context, Scopes.Chat)));
    }

    private static bool Holds(AuthorizationHandlerContext context, string scope) =>
        context.Resource is HttpContext http && http.Features.Get<Caller>()?.Has(scope) == true;
}
