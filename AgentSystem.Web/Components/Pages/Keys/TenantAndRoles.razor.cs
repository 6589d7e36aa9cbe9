using AgentSystem.Contracts.Security;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Keys;

/// <summary>Whose keys these are, and what the roles of single sign-on come to.</summary>
public sealed partial class TenantAndRoles : IDisposable
{
    /// <summary>Every role in words, the least first.</summary>
    internal static readonly IReadOnlyList<(string Role, string Meaning)> Meanings =
    [
        (Roles.Viewer, "Sees agents, conversations, documents, runs, budgets and figures; changes nothing, and sees no keys"),
        (Roles.Operator, "Also talks to agents, makes and changes them, adds documents, begins and approves runs"),
        (Roles.TenantAdmin, $"Everything within its tenant; in tenant {Tenants.Default} everything but keys and what concerns the platform"),
        (Roles.Admin, $"Everything within its tenant; in tenant {Tenants.Default} the whole platform"),
    ];

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<TenantView> _tenants = [];
    private IReadOnlyList<TeamView> _teams = [];
    private ApiFailure? _failure;

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        var tenants = await Api.ListTenantsAsync(_left.Token);
        (_failure, _tenants) = (tenants.Failure, tenants.Value?.Data ?? []);
        var teams = await Api.ListTeamsAsync(_left.Token);
        (_failure, _teams) = (_failure ?? teams.Failure, teams.Value?.Data ?? []);
    }
}
