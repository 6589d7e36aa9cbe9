using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Shows what it holds to those who may do it. The API decides in any case; a button that is always refused helps nobody.</summary>
public sealed class Allowed : ComponentBase
{
    private bool _shown;

    /// <summary>The scope that it takes.</summary>
    [Parameter, EditorRequired]
    public string Scope { get; set; } = "";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Who is signed in; nobody says so where a page is shown by itself.</summary>
    [CascadingParameter]
    private Task<AuthenticationState>? SignedIn { get; set; }

    protected override async Task OnParametersSetAsync() => _shown = SignedIn is null || ConsoleUser.May((await SignedIn).User, Scope);

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (_shown)
        {
            builder.AddContent(0, ChildContent);
        }
    }
}
