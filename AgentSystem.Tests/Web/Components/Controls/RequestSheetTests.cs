using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Controls;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AgentSystem.Tests.Web.Components.Controls;

public sealed class RequestSheetTests : PageTests
{
    [Fact]
    public void Sheet_OfATurnOfAThread_LeadsToItAndNamesItsFallbacks()
    {
        Show("req_0001");
        DialogShows("href=\"/threads/thr_birthday\"");
        DialogShows("1 call went on to another model");
    }

    private void Show(string request) =>
        Browser.Renderer.Dispatcher.InvokeAsync(() => RequestSheet.OpenAsync(Browser.Services.GetRequiredService<IDialogService>(), request, null)).GetAwaiter().GetResult();
}
