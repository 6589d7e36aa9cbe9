using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Settings;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Settings;

public sealed class SettingsPageTests : PageTests
{
    [Fact]
    public void Settings_InForce_AreShownWithWhereTheyComeFrom()
    {
        var page = Open<SettingsPage>("Caching:Enabled");
        Assert.All(["standalone", "one process with its own stores", "command line", "***", "http://agents.test:8080/docs"], words => Assert.Contains(words, page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_Searched_AreNarrowed()
    {
        var page = Open<SettingsPage>("Caching:Enabled");
        Do(page, () => page.Find("input[type=search]").Input("cache"));
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), TimeSpan.FromSeconds(20));
        Do(page, () => page.Find("input[type=search]").Input("nothing"));
        Shows(page, "No setting matches");
    }

    [Fact]
    public void Settings_ApiFails_ShowsItsWords()
    {
        Api.Failing = 500;
        Open<SettingsPage>("scripted_failure");
    }
}
