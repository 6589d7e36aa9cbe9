using AgentSystem.Contracts.Webhooks;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Webhooks;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Webhooks;

public sealed class WebhookPagesTests : PageTests
{
    [Fact]
    public void List_Webhooks_ShowsWhoIsToldOfWhatAndWhoIsNotAnyMore()
    {
        var page = Open<WebhooksPage>("https://example.com/hook");

        var rows = page.FindAll("tbody tr");
        Assert.Contains("410", rows[0].QuerySelector(".badge.bad")!.GetAttribute("title"), StringComparison.Ordinal);
        Assert.NotNull(rows[1].QuerySelector(".badge.good"));
        Assert.Contains("the &lt;b&gt;ledger&lt;/b&gt;", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Nothing_TeachesWhatAWebhookIs()
    {
        Api.Fresh = true;
        Open<WebhooksPage>("Nobody is told");
    }

    [Fact]
    public void Make_AWrongAddressThenAGoodOne_SaysWhyAndShowsTheSecretOnce()
    {
        var page = Open<WebhooksPage>("https://example.com/hook");
        Click(page, "New webhook");
        TypeInDialog("#webhook-url", "http://example.com");
        SubmitDialog();
        DialogShows("must be an https address");
        TypeInDialog("#webhook-url", "https://example.com/new");
        SubmitDialog();
        DialogShows("whsec_first");
        Press("Done");

        Shows(page, "https://example.com/new");
        Assert.DoesNotContain("whsec_first", page.Markup, StringComparison.Ordinal);
        Assert.Equal(new CreateWebhook("https://example.com/new"), Assert.Single(Api.Webhooks.Made));
    }

    [Fact]
    public void Webhook_Messages_ShowWhatCameOfThem()
    {
        var page = Open<WebhookPage>("answered 204", Of(ScriptedWebhooks.Works));

        Assert.Equal(["pending", "delivered", "dead"], page.FindAll("tbody .badge").Select(static badge => badge.TextContent));
        Assert.Contains("The receiver answered 503.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Nobody listened.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Webhook_NewSecret_IsShown()
    {
        var page = Open<WebhookPage>("answered 204", Of(ScriptedWebhooks.Works));
        Click(page, "New secret");
        Press("Make it");
        DialogShows("whsec_second");
    }

    [Fact]
    public void Webhook_WhoseReceiverIsGone_CanBeUsedAgain()
    {
        var page = Open<WebhookPage>("Nothing is sent any more", Of(ScriptedWebhooks.Gone));
        Click(page, "Send again");
        page.WaitForAssertion(() => Assert.DoesNotContain("Nothing is sent any more", page.Markup, StringComparison.Ordinal));
        Assert.Null(Api.Webhooks.Find(ScriptedWebhooks.Gone)!.DisabledReason);
    }

    [Fact]
    public void Webhook_Deleted_LeadsBackToTheList()
    {
        var page = Open<WebhookPage>("answered 204", Of(ScriptedWebhooks.Works));
        Click(page, "Delete");
        Press("Delete");
        Arrives("/webhooks");
        Assert.Null(Api.Webhooks.Find(ScriptedWebhooks.Works));
    }

    [Fact]
    public void Webhook_ThatThereIsNot_IsSaid() => Open<WebhookPage>("There is no webhook", Of("whk_none"));

    private static Action<ComponentParameterCollectionBuilder<WebhookPage>> Of(string id) => parameters => parameters.Add(page => page.Id, id);
}
