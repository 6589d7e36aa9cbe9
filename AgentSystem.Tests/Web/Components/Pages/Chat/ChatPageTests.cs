using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Chat;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AgentSystem.Tests.Web.Components.Pages.Chat;

public sealed class ChatPageTests : PageTests
{
    [Fact]
    public void Agent_ChangedInAConversation_BeginsAnotherAndSaysSo()
    {
        GoTo($"/chat?thread={ScriptedThreads.Known}");
        var page = Open<ChatPage>("My sister");
        Do(page, () => page.Find("select").Change("researcher"));
        Shows(page, "Ask researcher something");
        Assert.Equal("/chat", Here);
        Assert.Equal("A new conversation, with researcher. The one with assistant is kept under Threads.", Browser.Services.GetRequiredService<ISnackbar>().ShownSnackbars.Single().Message);

        Do(page, () => page.Find("textarea[aria-label=Message]").Input("What is 17 times 23?"));
        Do(page, () => page.Find("form.composer").Submit());
        page.WaitForAssertion(() => Assert.Single(Api.Questions), TimeSpan.FromSeconds(20));
        Assert.Equal(("researcher", "new"), (Api.Questions.Single().GetProperty("model").GetString(), Api.Questions.Single().GetProperty("metadata").GetProperty("thread_id").GetString()));
    }

    [Fact]
    public void Agent_ChangedBeforeTheFirstQuestion_IsJustThatAgent()
    {
        GoTo("/chat");
        var page = Open<ChatPage>("Ask assistant something");
        Do(page, () => page.Find("select").Change("researcher"));
        Shows(page, "Ask researcher something");
        Assert.Empty(Browser.Services.GetRequiredService<ISnackbar>().ShownSnackbars);
    }

    [Fact]
    public void Agent_OfManyAgents_IsTheAssistantFirst()
    {
        Api.Agents.Fill(3);
        GoTo("/chat");
        Open<ChatPage>("Ask assistant something");
    }

    [Fact]
    public void Ideas_OfAnAgent_AreWhatItsToolsCanDo()
    {
        GoTo("/chat?agent=researcher");
        var page = Open<ChatPage>("Search the documents for");
        Assert.Single(page.FindAll(".ideas button"));
        Assert.Empty(Ideas.For([]));
    }

    [Fact]
    public void Message_LongerThanTheApiTakes_IsSaidBesideTheBoxAndNotSent()
    {
        Assert.Equal(AgentSystem.Api.Http.RequestScan.MaxTextBytes, ChatPanel.LongestMessage);
        GoTo("/chat");
        var page = Open<ChatPage>("Ask assistant something");
        // Each takes three bytes: fewer characters than the limit has bytes.
        Do(page, () => page.Find("textarea[aria-label=Message]").Input(new string('€', 350_000)));
        Shows(page, "This is longer than the 1 MB a message may have");
        Do(page, () => page.Find("form.composer").Submit());
        Assert.Empty(Api.Questions);
    }
}
