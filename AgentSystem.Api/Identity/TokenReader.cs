using System.Buffers.Text;
using System.Text.Json;
using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentSystem.Api.Identity;

/// <summary>Checks a token by RFC 8725: form, signature, issuer, audience, times. What a stranger sends gets one answer; reasons are told to whoever the authority did sign a token for.</summary>
internal sealed class TokenReader(Authority authority, IOptions<OidcOptions> options, TimeProvider time)
{
    /// <summary>Told of whatever the authority did not sign.</summary>
    public const string NotValid = "The token is not valid.";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = TokenForm.MaxLength, MapInboundClaims = false };
    private readonly IReadOnlyList<string> algorithms = OidcOptions.List(options.Value.Algorithms);
    private readonly IReadOnlyList<string> audiences = OidcOptions.List(options.Value.Audience);
    private readonly IReadOnlyList<string> types = OidcOptions.List(options.Value.TokenTypes);

    /// <summary>The claims, or why the token is refused.</summary>
    public async Task<(JsonDocument? Claims, Verdict? Refused)> ReadAsync(string token, CancellationToken cancellation)
    {
        if (TokenForm.Read(token, algorithms, types) is not { } form)
        {
            return (null, Refuse(NotValid));
        }

        var (keys, key) = await authority.FindAsync(form, cancellation);
        if (keys is null)
        {
            return (null, Verdict.Away("authority_unavailable", "The identity provider does not answer, so tokens cannot be checked; try again shortly.", Retry));
        }

        if (key is null)
        {
            return (null, Refuse(NotValid));
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [form.Algorithm],
            IssuerSigningKeyResolver = (_, _, _, _) => [key],
            ValidIssuer = keys.Issuer,
            ValidAudiences = audiences,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (_, expires, _, _) => expires is not null,
        });
        return result.IsValid ? Judge(token) : (null, Refuse(result.Exception is SecurityTokenInvalidAudienceException ? "The token is for another audience than this API; ask the identity provider for one that names it." : NotValid));
    }

    /// <summary>True while a token with that end is good.</summary>
    public bool IsAlive(DateTimeOffset end) => time.GetUtcNow() < end + Leeway;

    /// <summary>The moment a claim of seconds names (RFC 7519, NumericDate); null for one that is no sensible number.</summary>
    public static DateTimeOffset? Moment(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253402300799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private TimeSpan Leeway => TimeSpan.FromSeconds(options.Value.LeewaySeconds);

    private (JsonDocument? Claims, Verdict? Refused) Judge(string token)
    {
        JsonDocument claims;
        try
        {
            claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]), Strict);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return (null, Refuse(NotValid));
        }

        var now = time.GetUtcNow();
        var refused = claims.RootElement switch
        {
            { ValueKind: not JsonValueKind.Object } => NotValid,
            var root when Moment(root, "exp") is not { } end => "The token says not when it ends (exp); tokens without an end are not taken.",
            var root when !IsAlive(Moment(root, "exp")!.Value) => "The token has expired; get another one.",
            var root when root.TryGetProperty("nbf", out _) && !(Moment(root, "nbf") <= now + Leeway) => "The token is not valid yet (nbf); is a clock wrong?",
            var root when root.TryGetProperty("iat", out _) && !(Moment(root, "iat") <= now + Leeway) => "The token was issued in the future (iat); is a clock wrong?",
            _ => null,
        };
        if (refused is null)
        {
            return (claims, null);
        }

        claims.Dispose();
        return (null, Refuse(refused));
    }

    private static Verdict Refuse(string reason) => Verdict.Refused("invalid_token", reason);
}
