using AgentSystem.Contracts.Agents;
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

    [Fact]
    public void ToRequest_WhereThePlatformsDefaultsHold_LeavesThemToThePlatform()
    {
        var agent = new ScriptedAgents(TimeProvider.System).Active("assistant");
        var request = AgentDraft.Of(agent).ToRequest();
        Assert.Null(request.Scaling);
        Assert.Null(request.Resources);
    }

    [Fact]
    public void ToRequest_OneFigureOfScaling_TakesTheOthersFromThePlatform()
    {
        var draft = Whole();
        draft.Advanced.MinReplicas = 3;
        Assert.Null(draft.Problem());
        Assert.Equal(new AgentScaling(3, 10, 3), draft.ToRequest().Scaling);
    }

    [Fact]
    public void ToRequest_Fallbacks_KeepsNoneApartFromTheModelsOwnOrder()
    {
        var agent = new ScriptedAgents(TimeProvider.System).Active("assistant");
        Assert.Null(AgentDraft.Of(agent with { Fallbacks = null }).ToRequest().Fallbacks);
        Assert.Equal([], AgentDraft.Of(agent with { Fallbacks = [] }).ToRequest().Fallbacks!);
        Assert.Equal(["cloud"], AgentDraft.Of(agent with { Fallbacks = ["cloud"] }).ToRequest().Fallbacks!);
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
        Assert.StartsWith("Security must be a JSON object", draft.Problem()!.Words, StringComparison.Ordinal);
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
        Assert.Contains("At least 5 replicas, but at most 2", replicas.Problem()!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void For_ANameWithAQuote_StaysOneShellWord() =>
        Assert.Contains(@"it'\''s", CurlCommand.For("http://a", "it's"), StringComparison.Ordinal);

    [Fact]
    public void Between_AnyTwoTexts_GivesBothBack()
    {
        var text = Gen.String[Gen.OneOf(Gen.Const('a'), Gen.Const('b'), Gen.Const('\n')), 0, 40];
        // The smaller table makes blocks of texts that are short enough to be tried by the thousand.
        Gen.Select(text, text, Gen.Int[1, 30]).Sample((before, after, cells) => GivesBack(before, after, LineDiff.Between(before, after)) && GivesBack(before, after, LineDiff.Between(before, after, cells)));
    }

    [Fact]
    public void Between_FiftyThousandLines_KeepsThoseAroundEveryChange()
    {
        string[] old = [.. Enumerable.Range(0, 50_000).Select(static line => line % 3 == 0 ? "" : $"Line {line}.")];
        string[] now = [.. old.Select(static (line, at) => at % 5_000 == 7 ? "Changed." : line)];
        var (before, after) = (string.Join('\n', old), string.Join('\n', now));
        var lines = LineDiff.Between(before, after);
        Assert.True(GivesBack(before, after, lines));
        Assert.Equal(10, lines.Count(static line => line.Kind == "added"));
    }

    [Fact]
    public void Between_TwoLongTextsWithNothingInCommon_IsNoTableOfAllTheirLines()
    {
        var (before, after) = (string.Join('\n', Enumerable.Range(0, 50_000)), string.Join('\n', Enumerable.Range(100_000, 50_000)));
        Assert.Equal(100_000, LineDiff.Between(before, after).Count);
    }

    private static bool GivesBack(string before, string after, IReadOnlyList<DiffLine> lines) =>
        before == string.Join('\n', lines.Where(static line => line.Kind != "added").Select(static line => line.Text))
        && after == string.Join('\n', lines.Where(static line => line.Kind != "removed").Select(static line => line.Text));

    private static AgentDraft Whole() => new() { Name = "n", Model = "m", Instructions = "i" };
}
