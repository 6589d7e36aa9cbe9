using AgentSystem.Runtime.Agents;
using AgentSystem.Web.Clients;

namespace AgentSystem.Tests.Web.Clients;

public sealed class ConsoleCuresTests
{
    [Fact]
    public void InButtons_ACallTheConsoleHasAButtonFor_NamesTheButton()
    {
        var archived = AgentFailures.Archived("clerk");
        Assert.Equal("Agent \"clerk\" is archived; its page under Agents, Archived, has the button Bring back.", ConsoleCures.InButtons(archived.Code, archived.Message));
        var missing = AgentFailures.Missing("clerk");
        Assert.Equal("There is no agent \"clerk\" that this key may call; the page Agents lists those there are, put away ones under Archived.", ConsoleCures.InButtons(missing.Code, missing.Message));
    }

    [Theory]
    [InlineData("never_heard_of", "It failed; GET /api/v1/things lists them.")]
    [InlineData("agent_exists", "It is taken; choose another name.")]
    [InlineData("agent_exists", "It is taken.")]
    public void InButtons_NoButtonOrNoCall_KeepsTheApisWords(string code, string message) => Assert.Equal(message, ConsoleCures.InButtons(code, message));

    [Fact]
    public void Parse_ProblemAboutAMember_KeepsWhichOne() =>
        Assert.Equal("limits.max_steps", ApiFailureReader.Parse(400, """{"detail":"No.","code":"invalid_value","param":"limits.max_steps"}""").Member);
}
