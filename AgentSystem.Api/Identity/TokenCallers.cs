using System.Collections.Concurrent;
using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Identity;

/// <summary>Who a token's claims name: subject, tenant and roles become the same <see cref="Caller"/> that a key becomes.</summary>
internal sealed class TokenCallers(ITenantStore tenants, IOptions<OidcOptions> options)
{
    /// <summary>How an id begins that is a person's, not a key's.</summary>
    public const string Subject = "subject:";

    // OpenID Connect Core, section 2: at most 255 ASCII characters.
    private const int MaxSubject = 255;
    private const int MaxName = 100;
    private static readonly string[] Names = ["preferred_username", "email", "name"];

    private readonly ConcurrentDictionary<string, bool> there = new(StringComparer.Ordinal);
    private readonly (string Role, IReadOnlyList<string> Values)[] roles =
    [
        (Roles.Viewer, OidcOptions.List(options.Value.ViewerRoles)),
        (Roles.Operator, OidcOptions.List(options.Value.OperatorRoles)),
        (Roles.TenantAdmin, OidcOptions.List(options.Value.TenantAdminRoles)),
        (Roles.Admin, OidcOptions.List(options.Value.AdminRoles)),
    ];

    /// <summary>The caller, or what is missing.</summary>
    public async Task<Verdict> FindAsync(JsonElement claims, CancellationToken cancellation)
    {
        if (TokenClaims.Text(claims, "sub") is not { Length: <= MaxSubject } subject || subject.Any(static letter => letter is <= ' ' or > '~'))
        {
            return Verdict.Refused("invalid_token", "The token names no subject (sub) of at most 255 visible ASCII characters.");
        }

        var tenant = options.Value.TenantClaim.Length == 0 ? Tenants.Default : TokenClaims.Text(claims, options.Value.TenantClaim);
        if (tenant is null || tenant.Contains('\0', StringComparison.Ordinal))
        {
            return Verdict.Forbidden("no_tenant", "The token names no tenant (Oidc:TenantClaim says where); ask the identity provider's administrator.");
        }

        if (!await IsThereAsync(tenant, cancellation))
        {
            return Verdict.Forbidden("unknown_tenant", "The tenant that the token names does not exist here.");
        }

        var values = TokenClaims.Words(claims, options.Value.RolesClaim);
        var scopes = roles.Where(role => role.Values.Any(values.Contains)).SelectMany(role => Roles.ScopesOf(role.Role, tenant)).Distinct(StringComparer.Ordinal).ToArray();
        return scopes.Length == 0
            ? Verdict.Forbidden("no_role", $"The token names none of the roles known here (Oidc:RolesClaim says where, {string.Join(", ", Roles.All)} are known); ask the identity provider's administrator.")
            : new Verdict(new Caller(Subject + subject, Name(claims, subject), tenant, null, null, scopes, ["*"], ["*"], KeyLimits.None), null);
    }

    /// <summary>A tenant that was seen is not asked for again: none is ever removed.</summary>
    private async Task<bool> IsThereAsync(string tenant, CancellationToken cancellation) =>
        tenant == Tenants.Default || there.ContainsKey(tenant) || (await tenants.FindAsync(tenant, cancellation) is not null && (there[tenant] = true));

    private static string Name(JsonElement claims, string subject)
    {
        var name = Names.Select(claim => TokenClaims.Text(claims, claim)).FirstOrDefault(static found => found is not null) ?? subject;
        var clean = Canonical.Text(name).ReplaceLineEndings(" ").Trim();
        return clean.Length == 0 ? subject : Http.JsonPlace.Shorten(clean, MaxName);
    }
}
