using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threads;

public sealed class ThreadUserTests
{
    [Fact]
    public void Asked_WhateverIsShown_IsTheUserItWasShownFor() => Gen.String.Sample(name =>
    {
        var caller = new Caller("key_1", "test", "default", null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None);
        var user = RequestUser.Name(caller, RequestUser.IsReserved(name) ? null : name);

        return ThreadUser.Asked(ThreadUser.Shown(user)) == user;
    });

    [Theory]
    [InlineData("key:admin", true)]
    [InlineData("key:", true)]
    [InlineData("monkey:x", false)]
    public void IsReserved_WhatReadsLikeAKey_IsNoNameOfAUser(string name, bool reserved) => Assert.Equal(reserved, RequestUser.IsReserved(name));
}
