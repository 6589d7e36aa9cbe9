using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSystem.Tests.Web.Harness;
using Microsoft.Playwright;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>A newcomer's first day, on the real API, the model that ships and a real browser: an agent and a document in the console, a key, a call from outside, the thread in the console, a restart, and on.</summary>
public sealed class FirstDayTests(ShippedModelApi api) : IClassFixture<ShippedModelApi>
{
    private const string Agent = "librarian";

    private static readonly FilePayload Handbook = new()
    {
        Name = "handbook.md",
        MimeType = "text/markdown",
        Buffer = "# Staff handbook\n\n## Parental leave\n\nEvery employee gets 22 weeks of parental leave at full pay.\n\n## Parking\n\nParking in the north lot costs 15 euros a month.\n"u8.ToArray(),
    };

    private readonly List<string> complaints = [];

    [Fact]
    public async Task AnAgentWithADocument_MadeInTheConsole_AnswersByCurl_AndGoesOnInTheConsoleAfterARestart()
    {
        await using var browser = await Chromium.StartAsync();
        await using var console = await ConsoleHost.StartAsync(new Uri(api.BaseUrl));
        var page = await browser.OpenAsync(1280, 900, complaints);
        await ConsoleJourney.SignInAsync(page, new JourneyThrough(console.Address, api.AdminKey, "", "", ""));
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();

        await MakeAgentAsync(page, console.Address);
        await UploadAsync(page, console.Address);
        var key = await MakeKeyAsync(page);
        var (answer, thread) = await AskAsync(key, "What does the handbook say about parental leave?", "new");
        Assert.Contains("22 weeks", answer, StringComparison.Ordinal);

        await FindThreadAsync(page, thread);
        await api.RestartAsync();
        Assert.Contains("391", (await AskAsync(key, "What is 17 times 23?", thread)).Answer, StringComparison.Ordinal);
        await GoOnAsync(page, console.Address, thread);
        Assert.True(complaints.Count == 0, string.Join("\n", complaints));
    }

    private static async Task MakeAgentAsync(IPage page, Uri console)
    {
        await page.GotoAsync(console + "agents");
        await page.GetByText("New agent").First.ClickAsync();
        await Assertions.Expect(page.Locator("#agent-model")).Not.ToHaveValueAsync("");
        await page.Locator("#agent-name").FillAsync(Agent);
        await page.Locator("#agent-instructions").FillAsync("Answer from the documents and quote them.");
        foreach (var tool in new[] { "search", "calculator" })
        {
            await page.Locator("label.tool").Filter(new() { HasText = tool }).ClickAsync();
        }

        // By keyboard: the bar grows when the server has heard of the last tool, and a click would miss the button that moves beneath it.
        var save = page.Locator(".save button.primary-button");
        await Assertions.Expect(save).ToBeEnabledAsync();
        await save.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/agents/{Agent}$"), new() { Timeout = 30_000 });
    }

    private static async Task UploadAsync(IPage page, Uri console)
    {
        await page.GotoAsync(console + "documents");
        await Assertions.Expect(page.GetByText("No documents yet")).ToBeVisibleAsync();
        await page.Locator("input[type=file]").First.SetInputFilesAsync(Handbook);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = Handbook.Name }).Or(page.GetByRole(AriaRole.Link, new() { Name = "Staff handbook" })).First).ToBeVisibleAsync();
    }

    private static async Task<string> MakeKeyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Keys", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var name = page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true });
        await name.FillAsync("my own");
        await name.PressAsync("Enter");
        var shown = page.GetByLabel("The new key");
        await Assertions.Expect(shown).ToContainTextAsync("as-");
        var key = (await shown.InnerTextAsync()).Trim();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        return key;
    }

    private async Task<(string Answer, string Thread)> AskAsync(string key, string question, string thread)
    {
        using var client = api.Client(key);
        using var answer = await client.PostAsJsonAsync(
            "/v1/chat/completions", new { model = Agent, messages = new[] { new { role = "user", content = question } }, metadata = new { thread_id = thread } }, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        using var json = JsonDocument.Parse(body);
        return (json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!, answer.Headers.GetValues("x-agentsystem-thread").Single());
    }

    private static async Task FindThreadAsync(IPage page, string thread)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Threads", Exact = true }).ClickAsync();
        await page.Locator($"a[href*='{thread}']").First.ClickAsync();
        await Assertions.Expect(page.GetByText("22 weeks").First).ToBeVisibleAsync();
    }

    private static async Task GoOnAsync(IPage page, Uri console, string thread)
    {
        await page.GotoAsync($"{console}threads/{thread}");
        await Assertions.Expect(page.GetByText("391").First).ToBeVisibleAsync();
        var box = page.Locator("textarea:visible").Last;
        await box.FillAsync("What is 12 times 12?");
        await box.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("144").First).ToBeVisibleAsync();
    }
}
