using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Chat;
using AgentSystem.Web.Components.Pages.Chat;

namespace AgentSystem.Tests.Web.Components.Pages.Chat;

public sealed class ConversationTests
{
    [Fact]
    public void Messages_AfterAnswers_TellTheWholeConversationAndTheOpenQuestion()
    {
        var conversation = new Conversation();
        Answer(conversation.Ask("one?"), "1");
        conversation.Ask("two?");
        Assert.Equal([new("user", "one?"), new("assistant", "1"), new("user", "two?")], conversation.Messages());
    }

    [Fact]
    public void Messages_AfterAStop_KeepWhatHadCome()
    {
        var conversation = new Conversation();
        var turn = conversation.Ask("long?");
        turn.Take(new ChatText("once upon"));
        turn.Stop();
        var nothing = conversation.Ask("other?");
        nothing.Stop();
        conversation.Ask("next?");
        Assert.Equal([new("user", "long?"), new("assistant", "once upon"), new("user", "next?")], conversation.Messages());
    }

    [Fact]
    public void Messages_AfterABreak_LeaveThatTurnOut()
    {
        var conversation = new Conversation();
        var turn = conversation.Ask("broken?");
        turn.Take(new ChatText("half"));
        turn.Take(new ChatFailed(new ApiFailure(0, "x", "y")));
        conversation.Ask("again?");
        Assert.Equal([new("user", "again?")], conversation.Messages());
    }

    [Fact]
    public void Turn_CutAtItsLimit_SaysSo()
    {
        var turn = new Conversation().Ask("long?");
        turn.Take(new ChatText("a"));
        turn.Take(new ChatFinished(null, null, "length"));
        Assert.True(turn is { CutShort: true, State: TurnState.Done });
    }

    private static void Answer(Turn turn, string text)
    {
        turn.Take(new ChatText(text));
        turn.Take(new ChatFinished(null, null, "stop"));
    }
}
