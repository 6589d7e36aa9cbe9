using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Pages.Agents;

namespace AgentSystem.Tests.Web.Components.Pages.Agents;

public sealed class AgentMembersTests
{
    [Fact]
    public void InLabels_ARefusedQuantity_IsToldInTheFormsWords()
    {
        var refused = new ApiFailure(400, "invalid_value", "\"resources.cpu_request\" is 2, more than \"resources.cpu_limit\", which is 1.") { Member = "resources.cpu_request" };
        Assert.Equal("“CPU asked for” is 2, more than “CPU at most”, which is 1.", AgentMembers.InLabels(refused).Message);
        Assert.Equal("agent-cpu", AgentMembers.FieldOf(refused.Member));
    }

    [Fact]
    public void InLabels_AQuotedNameThatIsNotTheMember_StaysAsItIs()
    {
        var reserved = new ApiFailure(400, "invalid_value", "\"model\" is reserved for bare models; choose another name.") { Member = "name" };
        Assert.Equal(reserved.Message, AgentMembers.InLabels(reserved).Message);
    }

    [Theory]
    [InlineData("tools[2]", "agent-tools")]
    [InlineData("fallbacks[0]", "agent-fallbacks")]
    [InlineData("If-Match", null)]
    [InlineData(null, null)]
    public void FieldOf_AMember_IsTheFieldItIsTypedInto(string? member, string? field) => Assert.Equal(field, AgentMembers.FieldOf(member));

    [Fact]
    public void Problem_InstructionsLongerThanTheApiTakes_AreNamedBeforeItIsAsked()
    {
        Assert.Equal(AgentRules.MaxInstructions, AgentDraft.LongestInstructions);
        var draft = new AgentDraft { Name = "n", Model = "m", Instructions = new string('i', AgentDraft.LongestInstructions) };
        Assert.Null(draft.Problem());
        draft.Instructions += "i";
        Assert.Equal("agent-instructions", draft.Problem()!.Field);
        Assert.Contains("at most 100,000 characters; there are 100,001", draft.Problem()!.Words, StringComparison.Ordinal);
    }
}
