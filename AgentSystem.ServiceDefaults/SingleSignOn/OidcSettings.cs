using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.ServiceDefaults.SingleSignOn;

/// <summary>The settings of single sign-on, checked as a whole.</summary>
public static class OidcSettings
{
    private const string Section = OidcOptions.Section;

    /// <summary>Signatures with a public key that RFC 7518 has, and nothing else.</summary>
    public static IReadOnlyList<string> KnownAlgorithms { get; } = OidcOptions.List(new OidcOptions().Algorithms);

    /// <summary>Binds <see cref="OidcOptions"/>; a host has checked them by then.</summary>
    public static void AddOidcOptions(this IServiceCollection services) =>
        services.AddOptions<OidcOptions>().BindConfiguration(Section).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>The settings as they are configured. What cannot be read is left as it is by default; <see cref="Startup.SettingsSections"/> names it.</summary>
    public static OidcOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        var options = new OidcOptions();
        foreach (var member in typeof(OidcOptions).GetProperties().Where(static member => member.SetMethod is { IsPublic: true } && member.PropertyType == typeof(string)))
        {
            member.SetValue(options, section[member.Name] ?? member.GetValue(options));
        }

        return options;
    }

    /// <summary>What is wrong with them together, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        var options = Read(configuration);
        if (!options.IsOn)
        {
            foreach (var (name, value) in new[] { (nameof(options.Audience), options.Audience), (nameof(options.ClientId), options.ClientId) })
            {
                if (value.Length > 0)
                {
                    yield return $"{Section}:{name} is set and {Section}:{nameof(options.Authority)} is not: name the identity provider, or unset it.";
                }
            }

            yield break;
        }

        if (!IsSafe(options.Authority))
        {
            yield return $"{Section}:{nameof(options.Authority)} is \"{options.Authority}\": give an https address without query, or an http one on loopback.";
        }

        if (OidcOptions.List(options.Audience).Count == 0)
        {
            yield return $"{Section}:{nameof(options.Audience)} is not set: name what the provider's tokens for this API carry in \"aud\"; a token for somebody else must not open it.";
        }

        foreach (var algorithm in OidcOptions.List(options.Algorithms).Where(static name => !KnownAlgorithms.Contains(name, StringComparer.Ordinal)))
        {
            yield return $"{Section}:{nameof(options.Algorithms)} names \"{algorithm}\": known are {string.Join(", ", KnownAlgorithms)}.";
        }

        if (OidcOptions.List(options.Algorithms).Count == 0 || OidcOptions.List(options.TokenTypes).Count == 0 || options.RolesClaim.Length == 0)
        {
            yield return $"{Section}:{nameof(options.Algorithms)}, {nameof(options.TokenTypes)} and {nameof(options.RolesClaim)} must not be empty: unset them for what they are by default.";
        }
    }

    /// <summary>True for an https address, and for an http one that stays on this machine.</summary>
    public static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
