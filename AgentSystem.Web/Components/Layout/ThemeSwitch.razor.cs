using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Chooses between light, dark, and what the system has.</summary>
public sealed partial class ThemeSwitch : IDisposable
{
    private static readonly (string Name, string Label, string Icon)[] Options =
    [
        (BrowserTheme.AsSystem, "Follow the system", Icons.Material.Outlined.Computer),
        ("light", "Light", Icons.Material.Outlined.LightMode),
        ("dark", "Dark", Icons.Material.Outlined.DarkMode),
    ];

    /// <summary>Tells the switches of one page apart: radio buttons of one name exclude each other.</summary>
    [Parameter]
    public string Id { get; set; } = "navigation";

    [Inject]
    private BrowserTheme Theme { get; set; } = null!;

    public void Dispose() => Theme.Changed -= OnChanged;

    protected override void OnInitialized() => Theme.Changed += OnChanged;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Theme.LearnAsync();
        }
    }

    private void OnChanged(object? sender, EventArgs changed) => _ = InvokeAsync(StateHasChanged);
}
