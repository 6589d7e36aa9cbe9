using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Agents;
using CsCheck;
using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Tests.Web.Components.Pages.Agents;

public sealed class AgentDraftTests
{
    [Fact]
    public void ToRequest_OfALoadedAgent_ChangesNothing()
    {
        var agent = new ScriptedAgents(TimeProvider.System).Active("assistant");
        Assert.Empty(AgentComparison.Of(agent, AgentDraft.Of(agent).ToRequest()));
    }

    [Fact]
    public void Of_ADraft_NamesEveryMemberThatDiffers()
    {
        var agent = new ScriptedAgents(TimeProvider.System).Active("assistant");
        var draft = AgentDraft.Of(agent);
        (draft.MaxSteps, draft.Instructions) = (9, agent.Instructions + "\nMore.");
        draft.Advanced.Memory = """{"depth": 3}""";
        var changes = AgentComparison.Of(agent, draft.ToRequest());
        Assert.Equal(["instructions", "limits.max_steps", "memory.depth"], changes.Select(static change => change.Member).Order(StringComparer.Ordinal));
        Assert.Equal("added", changes.Single(static change => change.Member == "instructions").Lines![^1].Kind);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"a\":1,}")]
    public void Problem_SettingsThatAreNoObject_AreNamed(string json)
    {
        var draft = Whole();
        draft.Advanced.Security = json;
        Assert.StartsWith("Security must be a JSON object", draft.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_OutOfRange_IsSaidBeforeTheApiIsAsked()
    {
        Assert.Null(Whole().Problem());
        Assert.NotNull(new AgentDraft { Model = "m", Instructions = "i" }.Problem());
        Assert.NotNull(new AgentDraft { Name = "n", Instructions = "i" }.Problem());
        Assert.NotNull(new AgentDraft { Name = "n", Model = "m" }.Problem());
        var steps = Whole();
        steps.MaxSteps = 101;
        Assert.NotNull(steps.Problem());
        var replicas = Whole();
        (replicas.Advanced.MinReplicas, replicas.Advanced.MaxReplicas) = (5, 2);
        Assert.Contains("At least 5 replicas, but at most 2", replicas.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void For_ANameWithAQuote_StaysOneShellWord() =>
        Assert.Contains(@"it'\''s", CurlCommand.For("http://a", "it's"), StringComparison.Ordinal);

    [Fact]
    public void Between_AnyTwoTexts_GivesBothBack()
    {
        var text = Gen.String[Gen.OneOf(Gen.Const('a'), Gen.Const('b'), Gen.Const('\n')), 0, 40];
        Gen.Select(text, text).Sample((before, after) =>
        {
            var lines = LineDiff.Between(before, after);
            return before == string.Join('\n', lines.Where(static line => line.Kind != "added").Select(static line => line.Text))
                && after == string.Join('\n', lines.Where(static line => line.Kind != "removed").Select(static line => line.Text));
        });
    }

    private static AgentDraft Whole() => new() { Name = "n", Model = "m", Instructions = "i" };
}
