using System.Net;
using AgentSystem.Runtime.Security;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Security;

public sealed class AddressLimiterTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 10, TimeSpan.Zero));

    [Fact]
    public void WaitOf_AfterTheLastFailureThatIsAllowed_IsTheRestOfTheMinute()
    {
        var limiter = Limiter(3);
        var address = IPAddress.Parse("203.0.113.7");
        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(_ => limiter.Fail(address)));

        Assert.Equal(TimeSpan.FromSeconds(50), limiter.WaitOf(address));
        Assert.Null(limiter.WaitOf(IPAddress.Parse("203.0.113.8")));
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Null(limiter.WaitOf(address));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    public void WaitOf_AddressesOfOneMachine_AreOne(string failed, string other, bool same)
    {
        var limiter = Limiter(1);
        limiter.Fail(IPAddress.Parse(failed));

        Assert.Equal(same, limiter.WaitOf(IPAddress.Parse(other)) is not null);
    }

    [Fact]
    public void WaitOf_SwitchedOff_IsNever()
    {
        var limiter = Limiter(0);
        Assert.False(limiter.Fail(IPAddress.Loopback));
        Assert.Null(limiter.WaitOf(IPAddress.Loopback));
    }

    private AddressLimiter Limiter(int most) => new(Options.Create(new SecurityOptions { FailuresPerAddress = most }), clock);
}
