using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Chat;
using AgentSystem.Web.Components.Pages.Threads;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Threads;

public sealed class ThreadPagesTests : PageTests
{
    [Fact]
    public void List_Threads_ShowsTheirTitles()
    {
        var page = Open<ThreadsPage>("A birthday and a sum");
        Assert.Contains("Untitled", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Nothing_TeachesHowOneIsKept()
    {
        Api.Fresh = true;
        Open<ThreadsPage>("thread_id");
    }

    [Fact]
    public void List_OfAnAgent_IsNarrowedByTheAddress()
    {
        GoTo("/threads?agent=assistant");
        var page = Open<ThreadsPage>("A birthday and a sum");
        Assert.Single(page.FindAll("tbody tr"));
    }

    [Fact]
    public void Search_Words_MarksThemAsTextOnly()
    {
        var page = Open<ThreadsPage>("A birthday and a sum");
        Do(page, () => page.Find("input[type=search]").Input("birthday"));
        Shows(page, "<mark>birthday</mark>");
        Assert.Empty(page.FindAll("i"));
        Do(page, () => page.Find("input[type=search]").Input("nothing of the kind"));
        Shows(page, "No conversation matches");
    }

    [Fact]
    public void List_ApiFails_ShowsItsWords()
    {
        Api.Failing = 500;
        Open<ThreadsPage>("scripted_failure");
    }

    [Fact]
    public void Thread_WithATool_ShowsArgumentsAndResult()
    {
        var page = Read();
        Assert.Contains("\"expression\": \"17*23\"", page.Find("details.call").TextContent, StringComparison.Ordinal);
        Assert.Contains("\"result\": \"391\"", page.Find("details.call").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindAll("details.call"));
        Assert.Empty(page.FindAll("b"));
    }

    [Fact]
    public void Thread_Continued_SendsOnlyWhatIsNew()
    {
        var page = Read();
        Do(page, () => page.Find("textarea[aria-label=Message]").Input("And times 2?"));
        Do(page, () => page.Find("form.composer").Submit());
        Shows(page, "17 times 23 is 391.");
        var asked = Api.Questions.Single();
        Assert.Equal(1, asked.GetProperty("messages").GetArrayLength());
        Assert.Equal(ScriptedThreads.Known, asked.GetProperty("metadata").GetProperty("thread_id").GetString());
        Assert.Equal("ada", asked.GetProperty("user").GetString());
    }

    [Fact]
    public async Task ReadAsync_AVeryLongThread_GivesTheNewestInTheirOrder()
    {
        Api.Threads.Prolong(ScriptedThreads.Known, 2_500);
        var reading = (await Client.Threads.ReadAsync(ScriptedThreads.Known, Xunit.TestContext.Current.CancellationToken)).Value!;
        Assert.False(reading.Whole);
        Assert.Equal("Word 2499", reading.Messages[^1].Text);
        Assert.Equal(reading.Messages.Select(static message => message.Index).Order(), reading.Messages.Select(static message => message.Index));
    }

    [Fact]
    public void Thread_Renamed_ShowsTheNewTitle()
    {
        var page = Read();
        Click(page, "Rename");
        TypeInDialog("#thread-title", "Sums");
        SubmitDialog();
        page.WaitForAssertion(() => Assert.Equal("Sums", page.Find("h1").TextContent), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Thread_Exported_GoesToTheBrowser()
    {
        var page = Read();
        Click(page, "Export");
        page.WaitForAssertion(() => Assert.Equal($"{ScriptedThreads.Known}.json", Browser.JSInterop.Invocations["agentsystem.download"].Single().Arguments[0]), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Thread_Deleted_LeavesForTheList()
    {
        Click(Read(), "Delete");
        Press("Delete");
        Arrives("/threads");
        Assert.Equal(1, Api.Threads.Count);
    }

    [Fact]
    public void Thread_Unknown_SaysSo() => Open<ThreadPage>("thread_not_found", static page => page.Add(static p => p.Id, "thr_none"));

    [Fact]
    public void Chat_FirstMessage_BeginsAThreadAndGoesOnInIt()
    {
        GoTo("/chat");
        var page = Open<ChatPage>("Ask assistant something");
        Ask(page, "What is 17 times 23?");
        Shows(page, "Open in Threads");
        Assert.Equal("/chat?thread=thr_2", Here);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("button[aria-label=Send]")), TimeSpan.FromSeconds(20));
        Ask(page, "And again?");
        page.WaitForAssertion(() => Assert.Equal(2, Api.Questions.Count), TimeSpan.FromSeconds(20));
        Assert.Equal(["new", "thr_2"], Api.Questions.Select(static asked => asked.GetProperty("metadata").GetProperty("thread_id").GetString()!));
    }

    [Fact]
    public void Chat_Reloaded_ContinuesTheThread()
    {
        GoTo($"/chat?thread={ScriptedThreads.Known}");
        var page = Open<ChatPage>("My sister");
        Assert.Equal("ada", page.Find("input[maxlength='200']").GetAttribute("value"));
    }

    [Fact]
    public void Chat_WithAnAgentFromTheAddress_AsksThatOne()
    {
        GoTo("/chat?agent=researcher");
        Open<ChatPage>("Ask researcher something");
    }

    private static void Ask(IRenderedComponent<ChatPage> page, string question)
    {
        Do(page, () => page.Find("textarea[aria-label=Message]").Input(question));
        Do(page, () => page.Find("form.composer").Submit());
    }

    private IRenderedComponent<ThreadPage> Read() => Open<ThreadPage>("calculator", static page => page.Add(static p => p.Id, ScriptedThreads.Known));
}
