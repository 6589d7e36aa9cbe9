using Microsoft.Playwright;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>What differs between the systems a journey can be made through.</summary>
/// <param name="Console">Where the console listens.</param>
/// <param name="AdminKey">A key it admits.</param>
/// <param name="Question">What is asked in the chat.</param>
/// <param name="Answer">What the answer contains.</param>
/// <param name="Tool">The tool the answer is made with.</param>
internal sealed record JourneyThrough(Uri Console, string AdminKey, string Question, string Answer, string Tool);

/// <summary>A person's way through the console, in a real browser: a wrong key, the right one, the overview, a question, a key made and revoked.</summary>
internal static class ConsoleJourney
{
    private const string KeyName = "made by a browser";

    public static async Task WalkAsync(IPage page, JourneyThrough through)
    {
        await SignInAsync(page, through);
        await SeeOverviewAsync(page);
        await ChatAsync(page, through);
        await MakeAndRevokeKeyAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    public static async Task SignInAsync(IPage page, JourneyThrough through)
    {
        await page.GotoAsync(through.Console.ToString());
        await page.GetByLabel("Admin key").FillAsync("as-this-is-nobodys-key");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".sign-in-message")).ToContainTextAsync("not known");

        await page.GetByLabel("Admin key").FillAsync(through.AdminKey);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task SeeOverviewAsync(IPage page)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Slots in use")).ToBeVisibleAsync();
    }

    private static async Task ChatAsync(IPage page, JourneyThrough through)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Chat", Exact = true }).ClickAsync();
        var box = page.GetByRole(AriaRole.Textbox, new() { Name = "Message" });
        await Assertions.Expect(page.Locator("select option")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToBeEnabledAsync();
        await box.FillAsync(through.Question);
        await box.PressAsync("Enter");

        var log = page.GetByRole(AriaRole.Log);
        var receipt = page.GetByRole(AriaRole.List, new() { Name = "How this answer was made" });
        await Assertions.Expect(receipt).ToContainTextAsync(through.Tool);
        await Assertions.Expect(receipt).ToContainTextAsync("$");
        await Assertions.Expect(receipt).ToContainTextAsync("cache miss");
        await Assertions.Expect(log).ToContainTextAsync(through.Answer);
        await Assertions.Expect(box).ToHaveValueAsync("");

        var good = page.GetByRole(AriaRole.Button, new() { Name = "Good answer" });
        await good.ClickAsync();
        await Assertions.Expect(good).ToHaveAttributeAsync("aria-pressed", "true");
    }

    private static async Task MakeAndRevokeKeyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Keys", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync(KeyName);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("The new key")).ToContainTextAsync("as-");
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {KeyName}" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).And(page.Locator(".mud-dialog button")).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = KeyName })).ToContainTextAsync("revoked");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {KeyName}" })).ToHaveCountAsync(0);
    }
}
