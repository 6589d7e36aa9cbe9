using AgentSystem.Contracts.Usage;
using AgentSystem.Web.Clients.Chat;
using AgentSystem.Web.Components.Pages.Chat;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Chat;

public sealed class ReceiptTests : BunitContext
{
    [Fact]
    public void Receipt_WholeAnswer_ShowsToolsTimesTokensAndCost()
    {
        var seen = new ChatReceipt("r1", Cache: "exact", CostUsd: 0.00042m, Confidence: .93, Tools: [new ToolUse("calculator", "success", 2.1), new ToolUse("clock", "error", 5)], DurationMs: 1240.5, FirstTokenMs: 212);
        var text = Render<Receipt>(control => control.Add(static c => c.Seen, seen).Add(static c => c.Usage, new ChatUsage(118, 14))).Markup;
        Assert.All(
            ["calculator", "2.1 ms", "clock", "failed", "cache exact", "1.24 s", "first token 212 ms", "118 in, 14 out", "$0.00042", "confidence 93 %"],
            words => Assert.Contains(words, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Receipt_NothingKnown_IsNothing() => Assert.Empty(Render<Receipt>().Markup);
}
