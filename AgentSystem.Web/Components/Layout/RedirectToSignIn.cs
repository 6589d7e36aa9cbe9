using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Sends someone whose session ended to the sign-in page, and back here afterwards.</summary>
public sealed class RedirectToSignIn : ComponentBase
{
    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override void OnInitialized()
    {
        var here = "/" + Navigation.ToBaseRelativePath(Navigation.Uri);
        Navigation.NavigateTo($"{SignInHostExtensions.SignInPath}?{SignInHostExtensions.ReturnParameter}={Uri.EscapeDataString(here)}", forceLoad: true);
    }
}
