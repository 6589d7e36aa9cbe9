using System.Text;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using CsCheck;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Runtime.Budgets;

public sealed class TokenBoundTests
{
    private static readonly ModelView Priced = new("m", "openai", "m", null, 2m, 10m);
    private static readonly TokenBound Bound = new(1_000, 500);

    [Fact]
    public void Of_AnyText_IsAtLeastItsBytes() => Gen.String.List[1, 5].Sample(static texts =>
    {
        var bound = TokenBound.Of(texts.Select(static text => new ChatMessage(ChatRole.User, text)), new ChatOptions { MaxOutputTokens = 7 }, 100);

        Assert.True(bound.Input >= texts.Sum(static text => Encoding.UTF8.GetByteCount(text)) + (TokenBound.PerMessage * texts.Count));
        Assert.Equal(7, bound.Output);
    });

    [Fact]
    public void Of_ToolsAndMedia_CountsThemToo()
    {
        ChatMessage[] plain = [new(ChatRole.User, "hi")];
        ChatMessage[] picture = [new(ChatRole.User, [new TextContent("hi"), new DataContent(new byte[10], "image/png")])];
        var tools = new ChatOptions { Tools = [AIFunctionFactory.Create(static (string city) => city, "weather", new string('d', 500))] };

        var alone = TokenBound.Of(plain, null, 50_000).Input;

        Assert.True(TokenBound.Of(plain, tools, 50_000).Input >= alone + 500 + TokenBound.ForTools);
        Assert.True(TokenBound.Of(picture, null, 50_000).Input >= alone + 50_000);
    }

    [Fact]
    public async Task Cost_OfAProviderThatTells_IsWhatItTold()
    {
        var tally = await ReadAsync(Usage(100, 20, 120));

        Assert.Equal((100L, 20L, false), tally.Tokens);
        Assert.Equal(0.0004m, tally.Cost(Priced, Bound));
    }

    [Fact]
    public async Task Cost_OfThinkingLeftOutOfTheOutput_IsTakenFromTheTotal() =>
        Assert.Equal((100L, 320L, false), (await ReadAsync(Usage(100, 20, 420))).Tokens);

    [Fact]
    public async Task Cost_OfAUsageToldWithEveryPiece_IsTheLast() =>
        Assert.Equal((100L, 20L, false), (await ReadAsync(Usage(100, 5, 105), Usage(100, 12, 112), Usage(100, 20, 120))).Tokens);

    [Fact]
    public async Task Cost_OfAnInputNobodyTold_IsItsBound() =>
        Assert.Equal(((1_000 * 2m) + (20 * 10m)) / 1_000_000, (await ReadAsync(Usage(0, 20, 20))).Cost(Priced, Bound));

    [Fact]
    public async Task Cost_OfAnAnswerBrokenOff_IsTheMostItCanHaveCost()
    {
        var tally = await ReadAsync(new TextContent("some"), new TextContent("pieces"));

        Assert.Equal((2L, true), (tally.Tokens.Output, tally.Tokens.Estimated));
        Assert.Equal(ModelPrice.Cost(Priced, Bound), tally.Cost(Priced, Bound));
        Assert.False(tally.Unbilled);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(408, false)]
    [InlineData(502, false)]
    [InlineData(504, false)]
    public async Task Unbilled_ByStatus_OnlyWhereNobodyMayHaveSoldBehindIt(int status, bool unbilled)
    {
        var tally = new CallTally([]);
        await Assert.ThrowsAsync<ModelCallException>(async () => await tally.NextAsync(Throwing(new ModelCallException(ModelFailure.OfStatus(status, "m", null))), "m"));

        Assert.Equal(unbilled, tally.Unbilled);
    }

    private static UsageContent Usage(long input, long output, long total) => new(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total });

    private static async Task<CallTally> ReadAsync(params AIContent[] contents)
    {
        var tally = new CallTally([new ChatMessage(ChatRole.User, "question")]);
        await using var updates = Updates(contents);
        while (await tally.NextAsync(updates, "m"))
        {
            // Counted as it passes.
        }

        return tally;
    }

    private static async IAsyncEnumerator<ChatResponseUpdate> Updates(AIContent[] contents)
    {
        foreach (var content in contents)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]);
        }
    }

    private static async IAsyncEnumerator<ChatResponseUpdate> Throwing(Exception failure)
    {
        await Task.Yield();
        if (failure is not null)
        {
            throw failure;
        }

        yield break;
    }
}
