using System.Net;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Tests.Runtime.Security;

public sealed class CallerAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", "address:10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "address:10.0.0.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64")]
    [InlineData(null, "address:unknown")]
    public void Name_OfAMachine_IsItsNetworkWhereItHasManyOfThem(string? address, string expected) => Assert.Equal(expected, CallerAddress.Name(address is null ? null : IPAddress.Parse(address)));

    [Theory]
    [InlineData("address:10.0.0.1", "address:10.0.0.1")]
    [InlineData("address:::ffff:10.0.0.1", "address:10.0.0.1")]
    [InlineData("address:2001:DB8:1:2::9", "address:2001:db8:1:2::/64")]
    [InlineData("address:2001:db8:1:2::/64", "address:2001:db8:1:2::/64")]
    [InlineData("address:10.0.0.0/64", null)]
    [InlineData("address:10.0.0.0/8", null)]
    [InlineData("address:nowhere", null)]
    [InlineData("address:", null)]
    [InlineData("key:10.0.0.1", null)]
    public void Normal_OfAScope_IsTheNameOfItsAddress(string scope, string? expected) => Assert.Equal(expected, CallerAddress.Normal(scope));
}
