using System.Security.Claims;
using AgentSystem.Contracts.Security;
using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Navigation at the side; on a narrow screen behind a button.</summary>
public sealed partial class ConsoleLayout : IDisposable
{
    private static readonly (string Name, (string Address, string Name, string Icon)[] Pages)[] Groups =
    [
        ("Talk", [("/chat", "Chat", Icons.Material.Outlined.ChatBubbleOutline), ("/threads", "Threads", Icons.Material.Outlined.Forum), ("/runs", "Runs", Icons.Material.Outlined.PlaylistPlay), ("/perception", "Perception", Icons.Material.Outlined.Visibility)]),
        ("Build", [("/agents", "Agents", Icons.Material.Outlined.SmartToy), ("/tools", "Tools", Icons.Material.Outlined.Build), ("/documents", "Documents", Icons.Material.Outlined.Description), ("/memory", "Memory", Icons.Material.Outlined.Psychology), ("/state", "State", Icons.Material.Outlined.DataObject), ("/models", "Models", Icons.Material.Outlined.Memory)]),
        ("Security", [("/security", "Threats", Icons.Material.Outlined.Shield), ("/audit", "Audit", Icons.Material.Outlined.FactCheck)]),
        ("Operate", [("/budgets", "Budgets", Icons.Material.Outlined.Savings), ("/keys", "Keys", Icons.Material.Outlined.VpnKey), ("/settings", "Settings", Icons.Material.Outlined.Tune)]),
    ];

    /// <summary>What a page shows nothing without. A page that is not named here is shown to everybody; the API decides in any case.</summary>
    private static readonly Dictionary<string, string> Needs = new(StringComparer.Ordinal)
    {
        ["/chat"] = Scopes.Chat, ["/threads"] = Scopes.ThreadsRead, ["/runs"] = Scopes.RunsRead, ["/agents"] = Scopes.AgentsRead, ["/documents"] = Scopes.DocumentsRead,
        ["/state"] = Scopes.StateRead, ["/memory"] = Scopes.MemoryRead, ["/tools"] = Scopes.ToolsRead, ["/models"] = Scopes.AgentsRead, ["/budgets"] = Scopes.BudgetsRead, ["/keys"] = Scopes.Admin, ["/settings"] = Scopes.Admin, ["/security"] = Scopes.SecurityRead, ["/audit"] = Scopes.SecurityRead,
        ["/perception"] = Scopes.Chat,
    };

    /// <summary>Pages that are reached by the tabs of another, which is marked for them.</summary>
    private static readonly Dictionary<string, string> Tabs = new(StringComparer.Ordinal)
    {
        ["responses"] = "/runs", ["schedules"] = "/runs", ["webhooks"] = "/runs", ["dead-letters"] = "/runs",
    };

    private ClaimsPrincipal? _user;
    private bool _open;
    private ErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? SignedIn { get; set; }

    /// <summary>The page itself: with a base address, a bare fragment would lead to the front page.</summary>
    private string SkipTarget => new Uri(Navigation.Uri).PathAndQuery + "#content";

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        _user = SignedIn is null ? null : (await SignedIn).User;
    }

    private bool IsShown((string Address, string Name, string Icon) page) => _user is null || !Needs.TryGetValue(page.Address, out var scope) || ConsoleUser.May(_user, scope);

    private bool IsUnder(string address) =>
        Tabs.GetValueOrDefault(Navigation.ToBaseRelativePath(Navigation.Uri).Split('/', '?', '#')[0]) == address;

    private void Toggle() => _open = !_open;

    private void CloseOnEscape(KeyboardEventArgs pressed) => _open = _open && pressed.Key != "Escape";

    private void OnLocationChanged(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(() =>
    {
        _open = false;
        _boundary?.Recover();
        StateHasChanged();
    });
}
