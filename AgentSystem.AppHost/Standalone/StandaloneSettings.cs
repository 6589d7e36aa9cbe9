using AgentSystem.AppHost.Embedded;
using AgentSystem.Api;
using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.Web;
using AgentSystem.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.AppHost.Standalone;

/// <summary>What the settings ask of a standalone start; the mistakes of all three hosts are told at once, before anything is started.</summary>
internal sealed record StandaloneSettings(string ApiUrl, string WebUrl, string DataFolder, string? RootKey, bool OwnPostgres, bool OwnRedis)
{
    public const string ApiUrlVariable = "AGENTSYSTEM_API_URL";
    public const string WebUrlVariable = "AGENTSYSTEM_WEB_URL";

    private const string DefaultApiUrl = "http://127.0.0.1:8080";
    private const string DefaultWebUrl = "http://127.0.0.1:8081";

    /// <summary>As long as any secret must be.</summary>
    private const int LongEnough = 64;

    /// <summary>The sources that the hosts read, too: files beside the program, the environment, the command line; the later wins.</summary>
    public static IConfiguration Sources(string[] args)
    {
        var world = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production;
        return new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{world}.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args)
            .Build();
    }

    /// <exception cref="CannotStartException">One line with every mistake and its cure.</exception>
    public static StandaloneSettings Read(IConfiguration configuration)
    {
        var settings = new StandaloneSettings(
            Text(configuration, ApiUrlVariable) ?? DefaultApiUrl,
            Text(configuration, WebUrlVariable) ?? DefaultWebUrl,
            Embedded.DataFolder.Locate(configuration[Embedded.DataFolder.Variable]),
            configuration[Embedded.DataFolder.RootKeyVariable],
            OwnPostgres: string.IsNullOrWhiteSpace(configuration.GetConnectionString("postgres")),
            OwnRedis: string.IsNullOrWhiteSpace(configuration.GetConnectionString("redis")));
        var hosts = new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(settings.ToCome(configuration)).Build();
        string[] mistakes = [.. settings.Several().Concat(ApiHost.CheckSettings(hosts)).Concat(WorkersHost.CheckSettings(hosts)).Concat(WebHost.CheckSettings(hosts)).Distinct(StringComparer.Ordinal)];
        return mistakes.Length == 0 ? settings : throw new CannotStartException(string.Join(" ", mistakes));
    }

    /// <summary>What the start will give the hosts once it has it; until then something of the right form stands for it.</summary>
    private Dictionary<string, string?> ToCome(IConfiguration configuration) => new()
    {
        ["RootKey"] = new string('-', LongEnough),
        ["ConnectionStrings:postgres"] = OwnPostgres ? "Host=embedded" : configuration.GetConnectionString("postgres"),
        ["Api:Url"] = configuration["Api:Url"] ?? DefaultApiUrl,
    };

    /// <summary>A host of its own may listen on several addresses; here one host has to find the other.</summary>
    private IEnumerable<string> Several() =>
        from address in new[] { (Variable: ApiUrlVariable, Url: ApiUrl), (Variable: WebUrlVariable, Url: WebUrl) }
        where address.Url.Contains(';', StringComparison.Ordinal)
        select $"{address.Variable} names several addresses: give one.";

    private static string? Text(IConfiguration configuration, string variable) =>
        configuration[variable] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
