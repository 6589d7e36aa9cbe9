using AgentSystem.Tests.Web.Harness;
using Microsoft.Playwright;

namespace AgentSystem.Tests.EndToEnd;

public sealed class ConsoleBrowserTests : ScriptedConsole
{
    private static readonly int[] Widths = [390, 1280];
    private static readonly (ColorScheme Scheme, string Name)[] Schemes = [(ColorScheme.Light, "light"), (ColorScheme.Dark, "dark")];

    private JourneyThrough Scripted => new(Console.Address, ScriptedApi.AdminKey, "What is 17 times 23?", "391", "calculator");

    [Fact]
    public async Task Console_APersonsFirstMinutes_WorkFromEndToEnd()
    {
        var page = await Browser.OpenAsync(1280, 800, Complaints);
        await ConsoleJourney.WalkAsync(page, Scripted);
        Assert.Equal(("assistant", 5), (Api.Feedback.Single().Agent, Api.Feedback.Single().Rating));
        Assert.True(Complaints.Count == 0, string.Join("\n", Complaints));
    }

    [Fact]
    public async Task Chat_StoppedWithEscape_HangsUpAndKeepsWhatCame()
    {
        var page = await InChatAsync(1280);
        await AskAsync(page, "go on forever");
        await Assertions.Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("On and on");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByText("You stopped this answer.")).ToBeVisibleAsync();
        await Api.HungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Chat_Refused_ShowsTheReasonAndKeepsTheQuestion()
    {
        var page = await InChatAsync(390);
        await AskAsync(page, "please refuse");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("rate_limit_exceeded");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Message" })).ToHaveValueAsync("please refuse");
        Assert.True(Complaints.Count == 0, string.Join("\n", Complaints));
    }

    [Fact]
    public async Task Overview_ApiGoneAndBack_SaysSoAndRecovers()
    {
        var page = await Browser.OpenAsync(390, 844, Complaints);
        await ConsoleJourney.SignInAsync(page, Scripted);
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        Api.Failing = 503;
        await Assertions.Expect(page.GetByText("Offline")).ToBeVisibleAsync();
        Api.Failing = null;
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("chat")]
    [InlineData("keys")]
    [InlineData("agents")]
    [InlineData("agents?archived=true")]
    [InlineData("agents/assistant")]
    [InlineData("agents/assistant/versions")]
    [InlineData("threads")]
    [InlineData("threads/thr_birthday")]
    [InlineData("documents")]
    [InlineData("models")]
    [InlineData("settings")]
    [InlineData("runs")]
    [InlineData("runs/run_waits001")]
    [InlineData("schedules")]
    [InlineData("webhooks")]
    [InlineData("webhooks/whk_works")]
    [InlineData("dead-letters")]
    [InlineData("audit")]
    [InlineData("security")]
    [InlineData("security/incidents")]
    [InlineData("budgets")]
    [InlineData("state")]
    [InlineData("state/conflicts")]
    public async Task Page_NarrowOrWideAndLightOrDark_NeedsNoSidewaysScrolling(string path)
    {
        var page = await Browser.OpenAsync(390, 844, Complaints);
        await ConsoleJourney.SignInAsync(page, Scripted);
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.GotoAsync(Console.Address + path);
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".skeleton, [aria-busy=true]")).ToHaveCountAsync(0);

        // One page and one sign-in for all: only the window and what the system prefers change.
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, 844);
            foreach (var (scheme, name) in Schemes)
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", name);
                Assert.Equal((width, name), (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), name));
            }
        }

        Assert.True(Complaints.Count == 0, string.Join("\n", Complaints));
    }

    private async Task<IPage> InChatAsync(int width)
    {
        var page = await Browser.OpenAsync(width, 844, Complaints);
        await ConsoleJourney.SignInAsync(page, Scripted);
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.GotoAsync(Console.Address + "chat");
        await Assertions.Expect(page.Locator("select option")).Not.ToHaveCountAsync(1);
        return page;
    }

    private static async Task AskAsync(IPage page, string question)
    {
        var box = page.GetByRole(AriaRole.Textbox, new() { Name = "Message" });
        await box.FillAsync(question);
        await box.PressAsync("Enter");
    }
}
