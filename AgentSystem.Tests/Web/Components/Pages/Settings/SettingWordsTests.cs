using AgentSystem.Web.Components.Pages.Settings;

namespace AgentSystem.Tests.Web.Components.Pages.Settings;

public sealed class SettingWordsTests
{
    [Theory]
    [InlineData("Resilience:BaseDelay", "00:00:00.2000000", "200 ms")]
    [InlineData("Documents:MaxReadingTime", "00:00:30", "30 s")]
    [InlineData("Caching:Lifetime", "01:00:00", "1 h")]
    [InlineData("Caching:Lifetime", "1.12:00:00", "1.5 d")]
    [InlineData("Documents:MaxBytesPerTenant", "5368709120", "5 GB")]
    [InlineData("Caching:MaxEntryBytes", "262144", "256 KB")]
    [InlineData("Routing:Slots", "32", "32")]
    [InlineData("Routing:Policy", "PowerOfTwo", "PowerOfTwo")]
    [InlineData("Agents:AllowedImages", "", "–")]
    public void InWords_AValue_HasTheUnitThatReads(string name, string value, string expected) => Assert.Equal(expected, SettingWords.InWords(name, value));
}
