using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Clients.Chat;
using AgentSystem.Web.Components.Pages.Chat;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Chat;

public sealed class ReceiptTests : PageTests
{
    [Fact]
    public void Receipt_WholeAnswer_ShowsToolsTimesTokensAndCost()
    {
        var seen = new ChatReceipt("r1", Cache: "exact", CostUsd: 0.00042m, Confidence: .93, Tools: [new ToolUse("calculator", "success", 2.1), new ToolUse("clock", "error", 5)], DurationMs: 1240.5, FirstTokenMs: 212);
        var text = Browser.Render<Receipt>(control => control.Add(static c => c.Seen, seen).Add(static c => c.Usage, new ChatUsage(118, 14))).Markup;
        Assert.All(
            ["calculator", "2.1 ms", "clock", "failed", "cache exact", "1.24 s", "first token 212 ms", "118 in, 14 out", "$0.00042", "confidence 93 %"],
            words => Assert.Contains(words, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Receipt_OfAModelWithoutAPrice_ShowsThatTheCostIsUnknown()
    {
        var receipt = Browser.Render<Receipt>(static control => control.Add(static c => c.Seen, new ChatReceipt("r1", Model: "house", Cache: "miss")));
        Shows(receipt, "What house costs is not known");
        Assert.DoesNotContain("$0<", receipt.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Receipt_FromTheCache_CostsNothingWhateverTheModel()
    {
        var receipt = Browser.Render<Receipt>(static control => control.Add(static c => c.Seen, new ChatReceipt("r1", Model: "house", Cache: "exact")));
        Shows(receipt, "$0");
    }

    [Fact]
    public void Receipt_NothingKnown_IsNothing() => Assert.Empty(Browser.Render<Receipt>().Markup);
}
