using Microsoft.Extensions.Options;

namespace AgentSystem.Web.Clients;

/// <summary>Where the API is.</summary>
internal sealed class ApiOptions
{
    /// <summary>Where the API listens when nothing says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Resolved by service discovery from <c>services:api:http:*</c>.</summary>
    public const string DiscoveredUrl = "http://api";

    /// <summary>Where the console itself reaches the API.</summary>
    public string Url { get; set; } = DefaultUrl;

    /// <summary>Where others reach the API, as it is written into examples to copy; null: <see cref="Url"/>.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>The address to show people.</summary>
    public string Shown => (PublicUrl ?? Url).TrimEnd('/');

    /// <summary><c>Api:Url</c>, else the service an orchestrator announced, else <c>AGENTSYSTEM_API_URL</c>, else <see cref="DefaultUrl"/>.</summary>
    public static string UrlFrom(IConfiguration configuration) =>
        configuration["Api:Url"]
        ?? (configuration.GetSection("services:api").Exists() ? DiscoveredUrl : null)
        ?? configuration["AGENTSYSTEM_API_URL"]
        ?? DefaultUrl;

    /// <summary>What is wrong with the addresses, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration) =>
        new ApiOptionsValidator().Validate(null, new ApiOptions { Url = UrlFrom(configuration), PublicUrl = PublicUrlFrom(configuration) }).Failures ?? [];

    /// <summary><c>Api:PublicUrl</c>, else what an orchestrator's service name stands for.</summary>
    public static string? PublicUrlFrom(IConfiguration configuration) =>
        configuration["Api:PublicUrl"]
        ?? (configuration["Api:Url"] is null ? configuration["services:api:https:0"] ?? configuration["services:api:http:0"] : null);
}

internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        string[] problems = [.. Problem("Api:Url", options.Url), .. options.PublicUrl is { } shown ? Problem("Api:PublicUrl", shown) : []];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problem(string setting, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            yield return $"{setting} is '{url}', which is no http(s) address; write it like {ApiOptions.DefaultUrl}.";
        }
    }
}
