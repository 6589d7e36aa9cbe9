using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Navigation at the side; on a narrow screen behind a button.</summary>
public sealed partial class ConsoleLayout : IDisposable
{
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
