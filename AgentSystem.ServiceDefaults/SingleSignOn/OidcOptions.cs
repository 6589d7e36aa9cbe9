using System.ComponentModel.DataAnnotations;

namespace AgentSystem.ServiceDefaults.SingleSignOn;

/// <summary>Single sign-on by OpenID Connect: whose tokens are taken, and what they mean here. Off without an authority. Section <c>Oidc</c>.</summary>
public sealed class OidcOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Oidc";

    /// <summary>Address of the identity provider, exactly as its tokens name their issuer: https, or http on loopback. Its keys are fetched from what it publishes there, and from nowhere else.</summary>
    public string Authority { get; set; } = "";

    /// <summary>What a token must name in <c>aud</c> to be for this API; several as a comma list.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The console's id at the identity provider; with it the console offers single sign-on.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The console's secret at the identity provider; none for a public client (PKCE is used either way).</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes the console asks for, separated by blanks. With <c>offline_access</c> a session outlives its first access token.</summary>
    public string ConsoleScopes { get; set; } = "openid profile offline_access";

    /// <summary>Claim that holds the roles, a list or words separated by blanks; dots lead inside (<c>realm_access.roles</c>).</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>Values of that claim that make somebody a viewer; a comma list.</summary>
    public string ViewerRoles { get; set; } = "viewer";

    /// <summary>Values that make somebody an operator; a comma list.</summary>
    public string OperatorRoles { get; set; } = "operator";

    /// <summary>Values that make somebody an administrator of one tenant; a comma list.</summary>
    public string TenantAdminRoles { get; set; } = "tenant_admin";

    /// <summary>Values that make somebody an administrator; a comma list.</summary>
    public string AdminRoles { get; set; } = "admin";

    /// <summary>Claim that names the tenant; none: everybody belongs to tenant <c>default</c>. Once it is set, a token without it is refused.</summary>
    public string TenantClaim { get; set; } = "";

    /// <summary>Values of a token's <c>typ</c> that are taken, a comma list. RFC 9068 has <c>at+jwt</c>; a provider that does not keep to it says <c>JWT</c>.</summary>
    public string TokenTypes { get; set; } = "at+jwt";

    /// <summary>Signatures that are taken, a comma list of those known here: RS, PS and ES with 256, 384 or 512 bits. There is no way to name <c>none</c> or HS.</summary>
    public string Algorithms { get; set; } = "RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512";

    /// <summary>How far the clocks of the provider and of this process may be apart.</summary>
    [Range(0, 60)]
    public int LeewaySeconds { get; set; } = 30;

    /// <summary>How often the provider's keys are fetched anew. An unknown key is asked for at once, at most once a minute.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan KeysRefresh { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long fetched keys go on being used while the provider does not answer.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan KeysKept { get; set; } = TimeSpan.FromHours(24);

    /// <summary>True when tokens are taken at all.</summary>
    public bool IsOn => Authority.Length > 0;

    /// <summary>True when the console offers it.</summary>
    public bool IsOnForConsole => IsOn && ClientId.Length > 0;

    /// <summary>The parts of a comma list, without blanks.</summary>
    public static IReadOnlyList<string> List(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
