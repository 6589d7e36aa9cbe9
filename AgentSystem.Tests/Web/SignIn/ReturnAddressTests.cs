using AgentSystem.Web.SignIn;

namespace AgentSystem.Tests.Web.SignIn;

public sealed class ReturnAddressTests
{
    [Theory]
    [InlineData("/chat", "/chat")]
    [InlineData("/keys?x=1#y", "/keys?x=1#y")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("chat", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/elsewhere.example", "/")]
    [InlineData("/sign-in?return=/sign-in", "/")]
    public void Local_WantedAddress_StaysOnThisHost(string? wanted, string expected) => Assert.Equal(expected, ReturnAddress.Local(wanted));
}
