using System.Net;
using AgentSystem.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>The console itself on a loopback port, inside the test's process: as it also runs inside another host.</summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ConsoleHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<ConsoleHost> StartAsync(Uri api, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var app = WebHost.Build([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings ?? new Dictionary<string, string?> { ["Api:Url"] = api.ToString() }));
        });
        await app.StartAsync();
        return new ConsoleHost(app);
    }

    /// <summary>A browser without scripts: keeps cookies, shows redirects.</summary>
    public HttpClient Browse() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
