using AgentSystem.Contracts.Models;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Models;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Models;

public sealed class ModelsPageTests : PageTests
{
    [Fact]
    public void Cards_Models_SayHowTheyDoAndWhatTheyCost()
    {
        var page = Open<ModelsPage>("63.4 tokens/s");
        Shows(page, "$0.15 in, $0.60 out a million tokens (price list)");
        Assert.All(
            ["free (configured)", "unknown; its calls are counted as $0", "open: calls are refused for a while", "The endpoint refuses the key", "500 requests a minute, 200,000 tokens a minute, 8 at once"],
            words => Assert.Contains(words.Replace("200,000", AgentSystem.Web.Components.Controls.Figures.Count(200_000), StringComparison.Ordinal), page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Cards_Nothing_TeachesHowToNameOne()
    {
        Api.Models.Clear();
        Open<ModelsPage>("Models__mine__Provider");
    }

    [Fact]
    public void Cards_ApiFails_ShowsItsWords()
    {
        Api.Failing = 500;
        Open<ModelsPage>("scripted_failure");
    }

    [Fact]
    public void Load_AFailedModel_ShowsItReady()
    {
        var page = Open<ModelsPage>("63.4 tokens/s");
        Click(page, "Load");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".badge.good").Count), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Breaker_TurnedByHand_OpensAfterAskingAndClosesAgain()
    {
        var page = Open<ModelsPage>("63.4 tokens/s");
        Do(page, () => page.FindAll("article")[0].QuerySelectorAll("button").Single(static button => button.TextContent == "Open the breaker").Click());
        DialogShows("No call reaches small until somebody closes the breaker again. Agents that name no other model to fall back on fail.");
        Press("Open it");
        Shows(page, "isolated: an operator holds it open");
        Do(page, () => page.FindAll("article")[0].QuerySelectorAll("button").Single(static button => button.TextContent == "Close the breaker").Click());
        page.WaitForAssertion(() => Assert.DoesNotContain("isolated", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Measure_AModel_TellsMedians()
    {
        var page = Open<ModelsPage>("63.4 tokens/s");
        Click(page, "Measure speed");
        Shows(page, "3 answers of about 40 tokens: 55.9 tokens/s, first token after 96 ms (medians), $0 in all.");
    }

    [Fact]
    public void Try_AModel_ShowsTheAnswerWithItsFigures()
    {
        Click(Open<ModelsPage>("63.4 tokens/s"), "Try");
        TypeInDialog("#try-prompt", "Are you there?", input: true);
        SubmitDialog();
        DialogShows("You asked: Are you there?");
        DialogShows("55.9 tokens/s");
    }

    [Fact]
    public void Words_WithoutFigures_SayThatTheyAreUnknown() =>
        Assert.Contains("–, first token after –", ModelCard.Words([new ModelTrial("m", true, "x", null, 10, null, 1, 1, null, 0)]), StringComparison.Ordinal);
}
