using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages;

/// <summary>A page with a circuit: what it needs to ask the API, and the end of everything it began when it is left.</summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();

    [Inject]
    private protected AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private protected BrowserTime Clock { get; set; } = null!;

    [Inject]
    private protected IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private protected ISnackbar Notes { get; set; } = null!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>Who is signed in; nobody says so where a page is shown by itself.</summary>
    [CascadingParameter]
    private protected Task<AuthenticationState>? SignedIn { get; set; }

    /// <summary>Cancelled when the page is left.</summary>
    private protected CancellationToken Left { get; private set; }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _left.Cancel();
        _left.Dispose();
    }

    protected override void OnInitialized() => Left = _left.Token;

    // The prerendered page shows what loads; asking there too would ask everything twice.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Clock.LearnAsync();
            await ArriveAsync();
            StateHasChanged();
        }
    }

    /// <summary>Loads what the page shows; called once, in a live circuit.</summary>
    protected abstract Task ArriveAsync();

    /// <summary>Whether whoever is signed in may do what takes a scope. The API decides in any case.</summary>
    private protected bool May(string scope) => SignedIn is null || (SignedIn.IsCompletedSuccessfully && ConsoleUser.May(SignedIn.Result.User, scope));

    /// <summary>Says shortly that something was done.</summary>
    private protected void Note(string words) => Notes.Add(words, Severity.Success);
}
