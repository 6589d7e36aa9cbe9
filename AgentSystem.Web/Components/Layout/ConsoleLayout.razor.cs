using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Navigation at the side; on a narrow screen behind a button.</summary>
public sealed partial class ConsoleLayout : IDisposable
{
    private static readonly (string Name, (string Address, string Name, string Icon)[] Pages)[] Groups =
    [
        ("Talk", [("/chat", "Chat", Icons.Material.Outlined.ChatBubbleOutline), ("/threads", "Threads", Icons.Material.Outlined.Forum), ("/runs", "Runs", Icons.Material.Outlined.PlaylistPlay)]),
        ("Build", [("/agents", "Agents", Icons.Material.Outlined.SmartToy), ("/documents", "Documents", Icons.Material.Outlined.Description), ("/state", "State", Icons.Material.Outlined.DataObject), ("/models", "Models", Icons.Material.Outlined.Memory)]),
        ("Security", [("/security", "Threats", Icons.Material.Outlined.Shield), ("/audit", "Audit", Icons.Material.Outlined.FactCheck)]),
        ("Operate", [("/budgets", "Budgets", Icons.Material.Outlined.Savings), ("/keys", "Keys", Icons.Material.Outlined.VpnKey), ("/settings", "Settings", Icons.Material.Outlined.Tune)]),
    ];

    private bool _open;
    private ErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>The page itself: with a base address, a bare fragment would lead to the front page.</summary>
    private string SkipTarget => new Uri(Navigation.Uri).PathAndQuery + "#content";

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    private void Toggle() => _open = !_open;

    private void CloseOnEscape(KeyboardEventArgs pressed) => _open = _open && pressed.Key != "Escape";

    private void OnLocationChanged(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(() =>
    {
        _open = false;
        _boundary?.Recover();
        StateHasChanged();
    });
}
