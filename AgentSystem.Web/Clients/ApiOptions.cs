using Microsoft.Extensions.Options;

namespace AgentSystem.Web.Clients;

/// <summary>Where the API is.</summary>
internal sealed class ApiOptions
{
    /// <summary>Where the API listens when nothing says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Resolved by service discovery from <c>services:api:http:*</c>.</summary>
    public const string DiscoveredUrl = "http://api";

    public string Url { get; set; } = DefaultUrl;

    /// <summary><c>Api:Url</c>, else the service an orchestrator announced, else <c>AGENTSYSTEM_API_URL</c>, else <see cref="DefaultUrl"/>.</summary>
    public static string UrlFrom(IConfiguration configuration) =>
        configuration["Api:Url"]
        ?? (configuration.GetSection("services:api").Exists() ? DiscoveredUrl : null)
        ?? configuration["AGENTSYSTEM_API_URL"]
        ?? DefaultUrl;
}

internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options) =>
        Uri.TryCreate(options.Url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Api:Url is '{options.Url}', which is no http(s) address; write it like {ApiOptions.DefaultUrl}.");
}
