using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Puts the cursor into the field a person begins with, once it is there. Stands beside the field: a dialog's content comes later than the dialog.</summary>
public sealed class FocusOn : ComponentBase
{
    /// <summary>The field's id.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Browser.InvokeVoidAsync("agentsystem.focus", Id);
        }
    }
}
