using AgentSystem.Web.Clients;
using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;

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

    private string? Message => _refused ?? (Reason == "expired" && HttpMethods.IsGet(Context.Request.Method) ? "The key you were signed in with is no longer accepted. Sign in with another one." : null);

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

        await Context.SignInAsync(ConsoleUser.For(key, name.Value));
        Navigation.NavigateTo(ReturnAddress.Local(Return));
    }

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
