using System.Security.Claims;
using System.Text.Encodings.Web;
using AgentSystem.Api.Identity;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Http;

/// <summary>Takes the credential of a request (<see cref="Credential"/>) and asks <see cref="CallerAuthenticator"/>, the one place that decides.</summary>
internal sealed class KeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CallerAuthenticator callers, AddressLimiter addresses)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";

    private RunFailure refusal = Verdict.Refused("invalid_api_key", Credential.None).Failure!;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // What everybody may ask must not ask the database who asks: /alive answers without it.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult();
        }

        var (secret, reason) = Credential.Of(Request);
        var address = Context.Connection.RemoteIpAddress;
        // The limit of an address comes before anything is looked up; others behind the same address go on with what was good a moment ago.
        if (addresses.WaitOf(address) is { } wait && (secret is null || !callers.Knows(secret)))
        {
            return Refuse(new RunFailure(429, "rate_limit_error", "too_many_failures", "Too many requests with a wrong key came from this address; wait, and check the key.", RetryAfter: wait));
        }

        var verdict = secret is null ? Verdict.Refused("invalid_api_key", reason!) : await callers.AuthenticateAsync(secret, Context.RequestAborted);
        if (verdict.Caller is not { } caller)
        {
            if (verdict.Failure!.Status == StatusCodes.Status401Unauthorized)
            {
                addresses.Fail(address);
            }

            return Refuse(verdict.Failure);
        }

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.KeyId)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }

        return ErrorAnswers.WriteAsync(Context, refusal, Context.RequestAborted);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorAnswers.WriteAsync(Context, RunFailure.Forbidden("missing_scope", "This key lacks the scope this path needs; ask an administrator for a key that has it."), Context.RequestAborted);

    private AuthenticateResult Refuse(RunFailure failure)
    {
        refusal = failure;
        return AuthenticateResult.Fail(failure.Message);
    }
}

/// <summary>Access to the caller of a request.</summary>
internal static class CallerExtensions
{
    /// <summary>The authenticated caller. Every endpoint that asks has a policy, so there is always one.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint has no policy, so nobody was authenticated; add RequireAuthorization.");
}
