namespace AgentSystem.Web.Hosting;

/// <summary>What has to be right before the first service is registered: names, folders, the address.</summary>
internal static class ConsoleBuilder
{
    /// <summary>Where the console listens when nothing says otherwise.</summary>
    public const string DefaultAddress = "http://127.0.0.1:8081";

    /// <summary>Where the console listens, when nothing nearer says so.</summary>
    public const string AddressVariable = "AGENTSYSTEM_WEB_URL";

    private const string ApplicationName = "AgentSystem.Web";

    /// <summary>Full path: the default is looked up by entry assembly, which is another one inside a surrounding process.</summary>
    public static string StaticAssetsManifest { get; } = Path.Combine(AppContext.BaseDirectory, $"{ApplicationName}.staticwebassets.endpoints.json");

    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = ApplicationName,
            // The working directory is the user's, not ours; everything the console serves lies beside its assembly.
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);

        // Development does this by itself. A build tree needs it in every environment, and in a published folder it finds no manifest and does nothing.
        if (!builder.Environment.IsDevelopment())
        {
            builder.WebHost.UseStaticWebAssets();
        }

        return builder;
    }

    /// <summary>Listens on <c>AGENTSYSTEM_WEB_URL</c>, unless the host's own settings name an address.</summary>
    public static void AddConsoleAddress(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey)) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
        {
            builder.WebHost.UseUrls(builder.Configuration[AddressVariable] is { Length: > 0 } address ? address : DefaultAddress);
        }
    }

    public static void AddConsoleLogging(this WebApplicationBuilder builder)
    {
        // One line for each request to each script and style says nothing; what fails is logged as a warning or worse.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // The overview asks every two seconds; two lines for each question would bury everything else.
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // Retries are in the metrics; a line for each attempt says nothing.
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        // The key ring's folder is private to its owner (mode 0700); without a certificate there is nothing to wrap it with.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
