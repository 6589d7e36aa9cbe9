using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AgentSystem.Web.SignIn;

internal static class SignInHostExtensions
{
    public const string SignInPath = "/sign-in";
    public const string SignOutPath = "/sign-out";
    public const string ReturnParameter = "return";

    private const string PathSetting = "DataProtection:Path";

    /// <summary>Cookie sign-in, by key and by single sign-on. With <c>DataProtection:Path</c> the key ring, and so the sign-ins, outlive a restart; without it they end with the process.</summary>
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var protection = builder.Services.AddDataProtection().SetApplicationName("AgentSystem.Web");
        if (builder.Configuration[PathSetting] is { Length: > 0 } path)
        {
            protection.PersistKeysToFileSystem(PrivateFolder(path));
        }
        else
        {
            protection.UseEphemeralDataProtectionProvider();
        }

        builder.Services.AddScoped<ISignedInKey, CircuitKey>();
        builder.Services.AddSingleton(static provider => new ConsoleSessions(provider.GetRequiredService<TimeProvider>(), provider.GetService<TokenRefresh>()));
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAuthorization();
        builder.Services.AddAntiforgery(static options =>
        {
            options.Cookie.Name = "agentsystem.form";
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(static options =>
        {
            options.Cookie.Name = "agentsystem.console";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.CookieManager = new HostCookies();
            options.ExpireTimeSpan = ConsoleSessions.Idle;
            options.SlidingExpiration = true;
            options.LoginPath = SignInPath;
            options.AccessDeniedPath = SignInPath;
            options.ReturnUrlParameter = ReturnParameter;
            options.Events.OnValidatePrincipal = WatchAsync;
        }).AddSingleSignOn(OidcSettings.Read(builder.Configuration));
    }

    /// <summary>What is wrong with <c>DataProtection:Path</c>: a folder that is there and cannot be written is found here, one that cannot be made when it is made.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        foreach (var entry in configuration.GetSection("DataProtection").GetChildren().Where(static entry => !string.Equals(entry.Key, "Path", StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{entry.Path}: there is no such setting. Known is Path.";
        }

        if (configuration[PathSetting] is { Length: > 0 } path && File.Exists(path))
        {
            yield return $"{PathSetting} is \"{path}\", which is a file: name a folder, or unset it.";
        }
    }

    /// <summary>The form that ends a session; a POST with an antiforgery token, so that no other site can end it.</summary>
    public static void MapSignOut(this IEndpointRouteBuilder routes) =>
        routes.MapPost(SignOutPath, static async Task<IResult> (HttpContext context, IAntiforgery forms) =>
        {
            if (!await forms.IsRequestValidAsync(context))
            {
                return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
            }

            // Who was thrown out by the clock signs in again; only who leaves ends the session at the provider.
            var expired = (await context.Request.ReadFormAsync(context.RequestAborted))["reason"] == "expired";
            var (provider, back) = (context.RequestServices.GetService<ProviderSignOut>(), $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}{SignInPath}");
            var away = expired || provider is null ? null : await provider.AddressAsync(context.User, back, context.RequestAborted);
            context.RequestServices.GetRequiredService<ConsoleSessions>().End(context.User);
            await context.SignOutAsync();
            if (away is not null)
            {
                // A page and no redirect: the policy lets forms go to this host only, and a redirect would be the form's.
                return SingleSignOnExtensions.GoOn("Signed out", away);
            }

            return TypedResults.LocalRedirect(expired ? $"~{SignInPath}?reason=expired" : $"~{SignInPath}");
        });

    /// <summary>A session that is over is none, whoever brings its cookie; one whose tokens were exchanged meanwhile gets them into its cookie.</summary>
    private static async Task WatchAsync(CookieValidatePrincipalContext cookie)
    {
        var sessions = cookie.HttpContext.RequestServices.GetRequiredService<ConsoleSessions>();
        if (sessions.IsOver(cookie.Principal!))
        {
            cookie.RejectPrincipal();
            await cookie.HttpContext.SignOutAsync();
        }
        else if (sessions.Renewed(cookie.Principal!) is { } renewed)
        {
            cookie.ReplacePrincipal(renewed);
            cookie.ShouldRenew = true;
        }
    }

    private static DirectoryInfo PrivateFolder(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(PathSetting, typeof(WebHost), [$"{PathSetting} is \"{path}\", which cannot be made ({refusal.Message}): name a folder this user may write, or unset it."]);
        }
    }
}
