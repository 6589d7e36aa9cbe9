using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Identity;

/// <summary>Who is behind a credential, whatever its spelling and kind. The only place where the API decides it.</summary>
internal sealed class CallerAuthenticator(KeyAuthenticator keys, TokenAuthenticator tokens)
{
    /// <summary>The caller, or why there is none.</summary>
    public async Task<Verdict> AuthenticateAsync(string secret, CancellationToken cancellation) =>
        tokens.IsOn && TokenForm.LooksLikeOne(secret)
            ? await tokens.AuthenticateAsync(secret, cancellation)
            : Verdict.Of(await keys.AuthenticateAsync(secret, cancellation));

    /// <summary>True for a credential that was good a short while ago: it is let in also where its address has failed too often with others.</summary>
    public bool Knows(string secret) => tokens.IsOn && TokenForm.LooksLikeOne(secret) ? tokens.Knows(secret) : keys.Knows(secret);
}
