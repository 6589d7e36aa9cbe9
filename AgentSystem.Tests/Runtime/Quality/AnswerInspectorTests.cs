using AgentSystem.Runtime.Quality;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Runtime.Quality;

public sealed class AnswerInspectorTests
{
    [Theory]
    [InlineData("fine", false, AnswerVerdict.Passed)]
    [InlineData("  ", false, AnswerVerdict.Empty)]
    [InlineData("not json", true, AnswerVerdict.OffFormat)]
    [InlineData("{\"a\":1}", true, AnswerVerdict.Passed)]
    [InlineData("12", true, AnswerVerdict.OffFormat)]
    public void Judge_AnAnswer_NamesWhatIsWrong(string text, bool json, string verdict) =>
        Assert.Equal(verdict, AnswerInspector.Judge(Answer(text, ChatFinishReason.Stop), json ? ChatResponseFormat.Json : null).Name);

    [Fact]
    public void Judge_ACutAnswer_PassesWithItsName()
    {
        var verdict = AnswerInspector.Judge(Answer("half of", ChatFinishReason.Length), null);

        Assert.Equal((AnswerVerdict.Truncated, null), (verdict.Name, verdict.Refusal));
    }

    private static ChatResponse Answer(string text, ChatFinishReason reason) => new(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = reason };
}
