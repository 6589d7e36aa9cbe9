using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Layout;
using AgentSystem.Web.SignIn;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MudBlazor;
using MudBlazor.Services;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Pages rendered without a browser, over the scripted API.</summary>
public abstract class PageTests : IAsyncLifetime
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private IRenderedComponent<MudSnackbarProvider> _notes = null!;

    /// <summary>Where pages are rendered.</summary>
    protected BunitContext Browser { get; } = new();

    private protected ScriptedApi Api { get; private set; } = null!;

    private protected AgentSystemClient Client => Browser.Services.GetRequiredService<AgentSystemClient>();

    /// <summary>Where the console went.</summary>
    protected string Here => new Uri(Browser.Services.GetRequiredService<NavigationManager>().Uri).PathAndQuery;

    public async ValueTask InitializeAsync()
    {
        // One second, as it comes, is less than a busy machine may need for a request and a render.
        BunitContext.DefaultWaitTimeout = Patience;
        Api = await ScriptedApi.StartAsync();
        Browser.JSInterop.Mode = JSRuntimeMode.Loose;
        Browser.Services.AddMudServices();
        Browser.Services.AddSingleton(TimeProvider.System);
        Browser.Services.AddScoped<BrowserTime>();
        Browser.Services.AddScoped<BrowserTheme>();
        Browser.Services.AddSingleton<IHttpClientFactory>(new ConsoleClient.OneAddress(Api.Address));
        Browser.Services.AddSingleton<ISignedInKey>(new ConsoleClient.OneKey(ScriptedApi.AdminKey));
        Browser.Services.AddSingleton<IOptions<ApiOptions>>(Options.Create(new ApiOptions { Url = "http://agents.test:8080" }));
        Browser.Services.AddScoped<ApiTransport>();
        Browser.Services.AddScoped<AgentSystemClient>();
        Browser.Services.AddScoped<Prices>();
        Browser.Services.AddSingleton<AntiforgeryStateProvider, NoForms>();
        Browser.Render<MudPopoverProvider>();
        _dialogs = Browser.Render<MudDialogProvider>();
        _notes = Browser.Render<MudSnackbarProvider>();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Browser.DisposeAsync();
        await Api.DisposeAsync();
    }

    /// <summary>Opens a page and waits until it shows <paramref name="words"/>.</summary>
    protected IRenderedComponent<TPage> Open<TPage>(string words, Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        var page = parameters is null ? Browser.Render<TPage>() : Browser.Render(parameters);
        Shows(page, words);
        return page;
    }

    /// <summary>Goes to an address, for pages that read it.</summary>
    protected void GoTo(string address) => Browser.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    /// <summary>Presses the button of the open dialog that says <paramref name="words"/>.</summary>
    protected void Press(string words)
    {
        _dialogs.WaitForAssertion(() => Assert.Contains(_dialogs.FindAll(".mud-dialog button"), button => button.TextContent.Trim() == words), Patience);
        Do(_dialogs, () => _dialogs.FindAll(".mud-dialog button").Last(button => button.TextContent.Trim() == words).Click());
    }

    /// <summary>Writes into a field of the open dialog.</summary>
    /// <param name="input">True for a field that listens to every key.</param>
    protected void TypeInDialog(string field, string text, bool input = false)
    {
        _dialogs.WaitForAssertion(() => Assert.NotNull(_dialogs.Find(field)), Patience);
        Do(_dialogs, () =>
        {
            if (input)
            {
                _dialogs.Find(field).Input(text);
            }
            else
            {
                _dialogs.Find(field).Change(text);
            }
        });
    }

    protected void SubmitDialog() => Do(_dialogs, () => _dialogs.Find(".mud-dialog form").Submit());

    /// <summary>Waits until the console went to <paramref name="address"/>.</summary>
    protected void Arrives(string address) => _dialogs.WaitForAssertion(() => Assert.Equal(address, Here), Patience);

    /// <summary>Waits until the open dialog shows <paramref name="words"/>.</summary>
    protected void DialogShows(string words) => Shows(_dialogs, words);

    /// <summary>Waits until a short note says <paramref name="words"/>.</summary>
    protected void Notes(string words) => Shows(_notes, words);

    protected static void Shows<T>(IRenderedComponent<T> page, string words)
        where T : IComponent =>
        page.WaitForAssertion(() => Assert.Contains(words, page.Markup, StringComparison.Ordinal), Patience);

    protected static void Click<T>(IRenderedComponent<T> page, string words)
        where T : IComponent =>
        Do(page, () => page.FindAll("button").First(button => button.TextContent.Trim().EndsWith(words, StringComparison.Ordinal)).Click());

    /// <summary>Finds and acts in the renderer's own turn: between the two nothing can be drawn anew and take the handler away.</summary>
    protected static void Do<T>(IRenderedComponent<T> page, Action act)
        where T : IComponent =>
        page.InvokeAsync(act).GetAwaiter().GetResult();

    /// <summary>Forms that are posted by the browser itself: none is, here.</summary>
    private sealed class NoForms : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }

    /// <summary>Longer than any answer takes on a machine that does other things too.</summary>
    private static TimeSpan Patience => TimeSpan.FromSeconds(20);
}
