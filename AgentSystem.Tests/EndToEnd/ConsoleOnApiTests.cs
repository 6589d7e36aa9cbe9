using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Web.Harness;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>The same journey through the real API and its database; only the model says what it is told to.</summary>
public sealed class ConsoleOnApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Console_OnTheRealApi_WorksFromEndToEnd()
    {
        api.Model.Then(Turn.Calls("calculator", "expression", "17*23"), Turn.Says("17 times 23 is 391."));
        await using var browser = await Chromium.StartAsync();
        await using var console = await ConsoleHost.StartAsync(new Uri(api.BaseUrl));
        List<string> complaints = [];
        var page = await browser.OpenAsync(1280, 800, complaints);

        await ConsoleJourney.WalkAsync(page, new JourneyThrough(console.Address, api.AdminKey, "What is 17 times 23?", "391", "calculator"));

        Assert.True(complaints.Count == 0, string.Join("\n", complaints));
    }
}
