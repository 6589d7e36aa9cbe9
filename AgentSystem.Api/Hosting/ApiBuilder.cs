using AgentSystem.Api.Http;

namespace AgentSystem.Api.Hosting;

/// <summary>The host's builder: its own name and content root also inside another process, and Kestrel without surprises.</summary>
internal static class ApiBuilder
{
    /// <summary>Where the host listens, when nothing nearer says so.</summary>
    public const string AddressVariable = "AGENTSYSTEM_API_URL";

    /// <summary>Where the host listens when nothing says otherwise.</summary>
    public const string DefaultAddress = "http://127.0.0.1:8080";

    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);

    /// <summary>A builder whose application is AgentSystem.Api wherever it runs.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "AgentSystem.Api", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = LengthDigits.Of;
            kestrel.Limits.MaxRequestBodySize = BodyLimits.MaxBytes;
            kestrel.Limits.RequestHeadersTimeout = HeaderTime;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A wrong key is the caller's affair: it is in the answer and in the metrics, and must not scroll the operator's log away.
        builder.Logging.AddFilter("AgentSystem.Api.Http.KeyAuthenticationHandler", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        return builder;
    }

    /// <summary>Listens on <c>AGENTSYSTEM_API_URL</c>, unless an orchestrator said where to listen.</summary>
    public static void AddApiAddress(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[AddressVariable] is { Length: > 0 } address)
        {
            builder.WebHost.UseUrls(address);
        }
        else if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null)
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }
    }
}
