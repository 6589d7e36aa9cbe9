using AgentSystem.Tests.Web.Harness;
using Microsoft.Playwright;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>Text far beyond what a SignalR message may have unless it is told otherwise: once it cost the circuit, and the text before was saved.</summary>
public sealed class ConsoleLongTextTests : ScriptedConsole
{
    private const int Long = 60_000;

    [Fact]
    public async Task Instructions_OfManyPages_AreSavedWhole()
    {
        var page = await Browser.OpenAsync(1280, 800, Complaints);
        await page.GotoAsync(Console.Address.ToString());
        await page.GetByLabel("Admin key").FillAsync(ScriptedApi.AdminKey);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.GotoAsync(Console.Address + "agents/assistant");

        var instructions = string.Concat(Enumerable.Repeat("Be \"brief\", né.\n", Long / 16));
        // As one paste: the browser's own filling edits line by line and takes half a minute.
        await page.Locator("#agent-instructions").EvaluateAsync("(box, text) => { box.value = text; box.dispatchEvent(new Event('input', { bubbles: true })); }", instructions);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as new version" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 4 is active")).ToBeVisibleAsync();
        Assert.Equal(instructions, Api.Agents.Active("assistant").Instructions);
        Assert.True(Complaints.Count == 0, string.Join("\n", Complaints));
    }
}
