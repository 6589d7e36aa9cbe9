using System.Text.Encodings.Web;
using AgentSystem.ServiceDefaults.SingleSignOn;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AgentSystem.Web.SignIn;

/// <summary>Sign-in at the identity provider: authorization code with PKCE. What its token may do, the API says.</summary>
internal static partial class SingleSignOnExtensions
{
    public const string Scheme = "sso";
    public const string StartPath = "/sign-in/sso";
    public const string CallbackPath = "/sign-in/callback";
    public const string LandedPath = "/sign-in/landed";

    /// <summary>Code that says the provider, or the way to it, failed.</summary>
    public const string Failed = "sso";

    /// <summary>Adds the scheme where an identity provider and the console's id there are named.</summary>
    public static void AddSingleSignOn(this AuthenticationBuilder authentication, OidcOptions oidc)
    {
        authentication.Services.AddOidcOptions();
        if (!oidc.IsOnForConsole)
        {
            return;
        }

        authentication.Services.AddSingleton<TokenRefresh>();
        authentication.Services.AddSingleton<ProviderSignOut>();
        authentication.AddOpenIdConnect(Scheme, options =>
        {
            (options.Authority, options.ClientId) = (oidc.Authority, oidc.ClientId);
            options.ClientSecret = oidc.ClientSecret.Length > 0 ? oidc.ClientSecret : null;
            options.RequireHttpsMetadata = !oidc.Authority.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
            options.ResponseType = OpenIdConnectResponseType.Code;
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.CallbackPath = CallbackPath;
            options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            options.MapInboundClaims = false;
            options.DisableTelemetry = true;
            options.Scope.Clear();
            foreach (var scope in oidc.ConsoleScopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                options.Scope.Add(scope);
            }

            options.TokenValidationParameters.ValidAlgorithms = OidcOptions.List(oidc.Algorithms);
            options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(oidc.LeewaySeconds);
            // The provider sends the browser back from another site: these two cookies have to come along, the session's has not.
            foreach (var cookie in new[] { options.NonceCookie, options.CorrelationCookie })
            {
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            }

            options.Events.OnTokenValidated = KnowAsync;
            options.Events.OnRemoteFailure = static failure =>
            {
                LogFailed(Log(failure.HttpContext), failure.Failure?.GetType().Name ?? "unknown");
                return Refuse(failure, Failed);
            };
            options.Events.OnAccessDenied = static denied => Refuse(denied, Failed);
            options.Events.OnTicketReceived = static received =>
            {
                received.ReturnUri = LandedPath + QueryString.Create(SignInHostExtensions.ReturnParameter, ReturnAddress.Local(received.ReturnUri));
                return Task.CompletedTask;
            };
        });
    }

    /// <summary>Where the way to the provider begins and ends.</summary>
    public static void MapSingleSignOn(this IEndpointRouteBuilder routes, OidcOptions oidc)
    {
        if (!oidc.IsOnForConsole)
        {
            return;
        }

        routes.MapGet(StartPath, static (HttpContext context) => TypedResults.Challenge(
            new AuthenticationProperties { RedirectUri = ReturnAddress.Local(context.Request.Query[SignInHostExtensions.ReturnParameter]) }, [Scheme])).AllowAnonymous();
        // A browser that was sent here by another site does not send the session's strict cookie along; from this page it goes on by itself, and does.
        routes.MapGet(LandedPath, static (HttpContext context) =>
        {
            return GoOn("Signed in", ReturnAddress.Local(context.Request.Query[SignInHostExtensions.ReturnParameter]));
        }).AllowAnonymous();
    }

    /// <summary>A page from which the browser goes on by itself.</summary>
    internal static ContentHttpResult GoOn(string title, string address)
    {
        var where = HtmlEncoder.Default.Encode(address);
        return TypedResults.Content($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><meta http-equiv=\"refresh\" content=\"0;url={where}\"></head><body><a href=\"{where}\">Go on</a></body></html>", "text/html; charset=utf-8");
    }

    /// <summary>Asks the API who the token's bearer is to it, and makes that the session.</summary>
    private static async Task KnowAsync(TokenValidatedContext validated)
    {
        var services = validated.HttpContext.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (TokenRefresh.From(validated.TokenEndpointResponse, now) is not { } tokens)
        {
            await Refuse(validated, Failed);
            return;
        }

        var who = await services.GetRequiredService<AgentSystemClient>().WhoAsync(tokens.Access, validated.HttpContext.RequestAborted);
        if (!who.IsSuccess)
        {
            LogUnknown(Log(validated.HttpContext), who.Failure.Code);
            await Refuse(validated, who.Failure.Code);
            return;
        }

        validated.Principal = ConsoleUser.For(tokens, who.Value, now, validated.TokenEndpointResponse?.IdToken);
    }

    private static Task Refuse<T>(HandleRequestContext<T> context, string reason)
        where T : AuthenticationSchemeOptions
    {
        context.Response.Redirect(SignInHostExtensions.SignInPath + QueryString.Create("reason", reason));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AgentSystem.Web.SignIn");

    [LoggerMessage(LogLevel.Warning, "Single sign-on failed ({Failure}); check Oidc:Authority, Oidc:ClientId and the address of return registered there")]
    private static partial void LogFailed(ILogger log, string failure);

    [LoggerMessage(LogLevel.Warning, "Somebody signed in at the identity provider whom the API does not let in ({Code})")]
    private static partial void LogUnknown(ILogger log, string code);
}
