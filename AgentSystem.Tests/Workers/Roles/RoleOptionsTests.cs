using AgentSystem.Workers.Roles;

namespace AgentSystem.Tests.Workers.Roles;

public sealed class RoleOptionsTests
{
    [Fact]
    public void Selected_All_IsEveryRole() => Assert.Equal(RoleOptions.Known, new RoleOptions().Selected);

    [Fact]
    public void Validate_AList_IsAccepted() => Assert.True(Validate("memory, tools").Succeeded);

    [Theory]
    [InlineData("memory,flying,singing", "flying")]
    [InlineData("", "empty")]
    [InlineData(" , ", "empty")]
    public void Validate_WhatNobodyServes_IsRefusedWithTheKnownRoles(string roles, string named)
    {
        var result = Validate(roles);

        Assert.True(result.Failed);
        Assert.Contains(named, result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("reasoning", result.FailureMessage, StringComparison.Ordinal);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(string roles) => new RoleOptionsValidator().Validate(null, new RoleOptions { Roles = roles });
}
