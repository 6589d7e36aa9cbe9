using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.ServiceDefaults.SingleSignOn;

public sealed class OidcSettingsTests
{
    [Fact]
    public void Check_NothingSet_IsOffAndRight()
    {
        Assert.Empty(Check());
        Assert.False(OidcSettings.Read(Configuration()).IsOn);
    }

    [Theory]
    [InlineData("https://id.example.com")]
    [InlineData("https://id.example.com/realms/main")]
    [InlineData("http://127.0.0.1:8090")]
    [InlineData("http://localhost:8090/realm")]
    public void Check_AProviderAndWhatItsTokensAreFor_IsRight(string authority)
    {
        Assert.Empty(Check(("Authority", authority), ("Audience", "agentsystem")));
        Assert.False(OidcSettings.Read(Configuration(("Authority", authority))).IsOnForConsole);
        Assert.True(OidcSettings.Read(Configuration(("Authority", authority), ("ClientId", "console"))).IsOnForConsole);
    }

    [Theory]
    [InlineData("http://id.example.com")]
    [InlineData("id.example.com")]
    [InlineData("ftp://id.example.com")]
    [InlineData("https://user:secret@id.example.com")]
    [InlineData("https://id.example.com/?tenant=x")]
    public void Check_AProviderThatCannotBeTrusted_IsNamed(string authority) =>
        Assert.StartsWith("Oidc:Authority is", Assert.Single(Check(("Authority", authority), ("Audience", "agentsystem"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS256,HS512")]
    [InlineData("rs256")]
    public void Check_AnAlgorithmThatProvesNothing_IsNamed(string algorithms) =>
        Assert.StartsWith("Oidc:Algorithms names", Assert.Single(Check(("Authority", "https://id.example.com"), ("Audience", "agentsystem"), ("Algorithms", algorithms))), StringComparison.Ordinal);

    [Fact]
    public void Check_TokensForAnybody_AreRefused() =>
        Assert.StartsWith("Oidc:Audience is not set", Assert.Single(Check(("Authority", "https://id.example.com"))), StringComparison.Ordinal);

    [Fact]
    public void Check_AnAudienceWithoutAProvider_IsNamed() =>
        Assert.StartsWith("Oidc:Audience is set", Assert.Single(Check(("Audience", "agentsystem"))), StringComparison.Ordinal);

    private static IEnumerable<string> Check(params (string Name, string Value)[] settings) => OidcSettings.Check(Configuration(settings));

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create("Oidc:" + setting.Name, (string?)setting.Value))).Build();
}
