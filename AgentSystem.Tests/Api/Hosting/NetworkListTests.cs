using AgentSystem.Api.Hosting;

namespace AgentSystem.Tests.Api.Hosting;

public sealed class NetworkListTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("10.0.0.0/8, 192.0.2.7,2001:db8::/32,::1", "10.0.0.0/8 192.0.2.7/32 2001:db8::/32 ::1/128")]
    [InlineData("0.0.0.0/0", null)]
    [InlineData("::/0", null)]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("proxy.internal", null)]
    public void Read_AListOfProxies_GivesTheirNetworksOrNothing(string list, string? expected) => Assert.Equal(expected, NetworkList.Read(list) is { } networks ? string.Join(' ', networks) : null);
}
