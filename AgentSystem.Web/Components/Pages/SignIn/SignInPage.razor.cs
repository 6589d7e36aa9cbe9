using AgentSystem.ServiceDefaults.SingleSignOn;
using AgentSystem.Web.Clients;
using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace AgentSystem.Web.Components.Pages.SignIn;

/// <summary>Exchanges an admin key for a session. The key is tried on the API; nobody else decides.</summary>
public sealed partial class SignInPage
{
    private string? _refused;

    [SupplyParameterFromForm]
    private KeyForm Form { get; set; } = null!;

    [SupplyParameterFromQuery(Name = SignInHostExtensions.ReturnParameter)]
    private string? Return { get; set; }

    [SupplyParameterFromQuery]
    private string? Reason { get; set; }

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IOptions<OidcOptions> Oidc { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private string SingleSignOn => SingleSignOnExtensions.StartPath + QueryString.Create(SignInHostExtensions.ReturnParameter, ReturnAddress.Local(Return));

    private string? Message => _refused ?? (HttpMethods.IsGet(Context.Request.Method) ? InWords(Reason) : null);

    protected override void OnInitialized()
    {
        Form ??= new KeyForm();
        if (HttpMethods.IsGet(Context.Request.Method) && Context.User.Identity?.IsAuthenticated == true)
        {
            Navigation.NavigateTo(ReturnAddress.Local(Return));
        }
    }

    private async Task EnterAsync()
    {
        var key = Form.Key?.Trim() ?? "";
        if (key.Length == 0)
        {
            _refused = "Enter a key.";
            return;
        }

        var name = await Api.CheckAdminKeyAsync(key, Context.RequestAborted);
        if (!name.IsSuccess)
        {
            _refused = InWords(name.Failure);
            Context.Response.StatusCode = name.Failure.Status is 401 or 403 ? StatusCodes.Status401Unauthorized : StatusCodes.Status502BadGateway;
            return;
        }

        await Context.SignInAsync(ConsoleUser.For(key, name.Value, Time.GetUtcNow()));
        Navigation.NavigateTo(ReturnAddress.Local(Return));
    }

    /// <summary>Why somebody was sent here. Codes only: a text in the address would be anybody's to choose.</summary>
    private static string? InWords(string? reason) => reason switch
    {
        null => null,
        "expired" => "The key or session you were signed in with is no longer accepted. Sign in again.",
        "no_role" => "You are known to the identity provider, but have no role here. Ask its administrator for one: viewer, operator, tenant_admin or admin.",
        "no_tenant" or "unknown_tenant" => "You are known to the identity provider, but belong to no tenant here. Ask its administrator.",
        "invalid_token" => "The identity provider gave a token that this API does not take. The API's settings Oidc:Audience and Oidc:TokenTypes have to fit it.",
        ApiFailure.UnreachableCode => "The API does not answer, so nobody can sign in. Start it, or set Api:Url to where it listens.",
        _ => "Signing in at the identity provider did not work. Try again; the console's log says what failed.",
    };

    private static string InWords(ApiFailure failure) => failure.Status switch
    {
        StatusCodes.Status401Unauthorized => "This key is not known, or it was revoked or has expired. Check that it was copied whole.",
        StatusCodes.Status403Forbidden => "This key works, but it is no admin key. The console needs one with the scope admin.",
        _ => failure.Message,
    };

    private sealed class KeyForm
    {
        public string? Key { get; set; }
    }
}
