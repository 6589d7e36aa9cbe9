using AgentSystem.ServiceDefaults;
using AgentSystem.ServiceDefaults.Health;
using AgentSystem.ServiceDefaults.SingleSignOn;
using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components;
using AgentSystem.Web.Hosting;
using AgentSystem.Web.SignIn;

namespace AgentSystem.Web;

/// <summary>The console as a host: its own process, or one of several hosts inside another.</summary>
public static class WebHost
{
    /// <summary>Builds the console, ready to run.</summary>
    /// <param name="args">Command line, read as configuration.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Settings are wrong; every mistake is named.</exception>
    /// <param name="configure">Called before anything reads configuration: the place for <c>Api:Url</c>, <c>DataProtection:Path</c>, addresses and logging of a surrounding process.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = ConsoleBuilder.Create(args);
        configure(builder);
        WrongSettings.Refuse(typeof(WebHost), CheckSettings(builder.Configuration));

        builder.AddServiceDefaults();
        builder.AddConsoleAddress();
        builder.AddConsoleLogging();
        builder.AddSignIn();
        builder.AddAgentSystemClient();
        builder.Services.AddConsoleHealth();
        builder.Services.AddConsoleComponents();

        var app = builder.Build();
        app.UseConsoleErrors();
        app.UseSecurityHeaders();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHealth();
        app.MapStaticAssets(ConsoleBuilder.StaticAssetsManifest);
        app.MapSignOut();
        app.MapSingleSignOn(OidcSettings.Read(app.Configuration));
        app.MapConsolePages();
        return app;
    }

    /// <summary>Every mistake in the settings of the console, one sentence each with its cure; nothing is started.</summary>
    public static IEnumerable<string> CheckSettings(IConfiguration configuration) =>
    [
        .. ListeningAddress.Check(configuration, ConsoleBuilder.AddressVariable, ConsoleBuilder.DefaultAddress),
        .. ApiOptions.Check(configuration),
        .. SettingsSections.Check(configuration, [new("Api", typeof(ApiOptions)), new(OidcOptions.Section, typeof(OidcOptions))]),
        .. OidcSettings.Check(configuration),
        .. SignInHostExtensions.Check(configuration),
    ];
}
