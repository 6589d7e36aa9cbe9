using System.Security.Claims;
using System.Text.Encodings.Web;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Http;

/// <summary>Reads <c>Authorization: Bearer as-...</c> and asks <see cref="KeyAuthenticator"/>, the one place that decides.</summary>
internal sealed class KeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyAuthenticator authenticator)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";

    private const string Bearer = "Bearer ";
    private string reason = "Send a key: Authorization: Bearer as-...";

    /// <summary>The key a request carries; null: none.</summary>
    public static string? SecretOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // What everybody may ask must not ask the database who asks: /alive answers without it.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult();
        }

        if (SecretOf(Request) is not { } secret)
        {
            return AuthenticateResult.NoResult();
        }

        var verdict = await authenticator.AuthenticateAsync(secret, Context.RequestAborted);
        if (verdict.Caller is not { } caller)
        {
            reason = verdict.Reason!;
            return AuthenticateResult.Fail(reason);
        }

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.KeyId)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ErrorAnswers.WriteAsync(Context, new RunFailure(401, "authentication_error", "invalid_api_key", reason), Context.RequestAborted);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorAnswers.WriteAsync(Context, RunFailure.Forbidden("missing_scope", "This key lacks the scope this path needs; ask an administrator for a key that has it."), Context.RequestAborted);
}

/// <summary>Access to the caller of a request.</summary>
internal static class CallerExtensions
{
    /// <summary>The authenticated caller. Every endpoint that asks has a policy, so there is always one.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint has no policy, so nobody was authenticated; add RequireAuthorization.");
}
