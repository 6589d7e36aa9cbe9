using AgentSystem.AppHost.Embedded;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.AppHost.Standalone;

/// <summary>What the environment and the command line ask of a standalone start; all mistakes are told at once.</summary>
internal sealed record StandaloneSettings(string ApiUrl, string WebUrl, string DataFolder, string? RootKey, bool OwnPostgres, bool OwnRedis)
{
    public const string ApiUrlVariable = "AGENTSYSTEM_API_URL";
    public const string WebUrlVariable = "AGENTSYSTEM_WEB_URL";

    private const string DefaultApiUrl = "http://127.0.0.1:8080";
    private const string DefaultWebUrl = "http://127.0.0.1:8081";
    private const string AdminKeyVariable = "AGENTSYSTEM_ADMIN_KEY";
    private const int MinimumSecretLength = 32;

    /// <exception cref="CannotStartException">One line with every mistake and its cure.</exception>
    public static StandaloneSettings Read(IConfiguration configuration)
    {
        List<string> mistakes = [];
        var rootKey = Secret(configuration, Embedded.DataFolder.RootKeyVariable, mistakes);
        Secret(configuration, AdminKeyVariable, mistakes);
        var settings = new StandaloneSettings(
            Url(configuration, ApiUrlVariable, DefaultApiUrl, mistakes),
            Url(configuration, WebUrlVariable, DefaultWebUrl, mistakes),
            Embedded.DataFolder.Locate(configuration[Embedded.DataFolder.Variable]),
            rootKey,
            OwnPostgres: string.IsNullOrWhiteSpace(configuration.GetConnectionString("postgres")),
            OwnRedis: string.IsNullOrWhiteSpace(configuration.GetConnectionString("redis")));
        return mistakes.Count == 0 ? settings : throw new CannotStartException(string.Join(" ", mistakes));
    }

    private static string? Secret(IConfiguration configuration, string variable, List<string> mistakes)
    {
        var text = configuration[variable];
        if (!string.IsNullOrWhiteSpace(text) && text.Length < MinimumSecretLength)
        {
            mistakes.Add($"{variable} has {text.Length} characters: give it at least {MinimumSecretLength}, or unset it to have one made.");
        }

        return text;
    }

    private static string Url(IConfiguration configuration, string variable, string fallback, List<string> mistakes)
    {
        var text = configuration[variable] is { } set && !string.IsNullOrWhiteSpace(set) ? set.Trim() : fallback;
        try
        {
            var address = BindingAddress.Parse(text);
            if (address.Scheme is "http" or "https" && address.PathBase is "" or "/" && address.Port is >= 0 and <= 65535)
            {
                return text;
            }
        }
        catch (FormatException)
        {
            // Told below, with the form that is expected.
        }

        mistakes.Add($"{variable} is \"{text}\": write it as http://host:port, like {fallback}.");
        return fallback;
    }
}
