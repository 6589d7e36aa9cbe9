using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Light, dark, or as the system has it. The browser remembers.</summary>
public sealed partial class ThemeSwitch
{
    private const string AsSystem = "system";

    private static readonly (string Name, string Label, string Icon)[] Options =
    [
        (AsSystem, "Follow the system", Icons.Material.Outlined.Computer),
        ("light", "Light", Icons.Material.Outlined.LightMode),
        ("dark", "Dark", Icons.Material.Outlined.DarkMode),
    ];

    private string _chosen = AsSystem;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _chosen = await Browser.InvokeAsync<string>("agentsystem.theme");
            StateHasChanged();
        }
    }

    private async Task ChooseAsync(string name)
    {
        _chosen = name;
        await Browser.InvokeVoidAsync("agentsystem.chooseTheme", name);
    }
}
