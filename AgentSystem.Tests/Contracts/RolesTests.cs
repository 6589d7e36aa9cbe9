using AgentSystem.Contracts.Security;

namespace AgentSystem.Tests.Contracts;

/// <summary>What the roles of single sign-on may do.</summary>
public sealed class RolesTests
{
    [Fact]
    public void ScopesOf_EachRole_IncludesWhatTheLesserOneMay()
    {
        Assert.Superset(Roles.ScopesOf(Roles.Viewer, Tenants.Default).ToHashSet(), Roles.ScopesOf(Roles.Operator, Tenants.Default).ToHashSet());
        Assert.Superset(Roles.ScopesOf(Roles.Operator, Tenants.Default).ToHashSet(), Roles.ScopesOf(Roles.TenantAdmin, Tenants.Default).ToHashSet());
    }

    [Fact]
    public void ScopesOf_AViewer_ChangesNothing() =>
        Assert.All(Roles.ScopesOf(Roles.Viewer, Tenants.Default), static scope => Assert.EndsWith(":read", scope, StringComparison.Ordinal));

    [Fact]
    public void ScopesOf_EachRole_AreScopesThereAre() =>
        Assert.All(Roles.All.SelectMany(static role => Roles.ScopesOf(role, Tenants.Default)), static scope => Assert.Contains(scope, Scopes.All));

    [Fact]
    public void ScopesOf_TenantAdmin_AdministersOneTenantAndNeverThePlatform()
    {
        Assert.Equal([Scopes.Admin], Roles.ScopesOf(Roles.TenantAdmin, "acme"));
        Assert.DoesNotContain(Scopes.Admin, Roles.ScopesOf(Roles.TenantAdmin, Tenants.Default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Admin")]
    [InlineData("superuser")]
    public void ScopesOf_NoRole_AreNone(string role) => Assert.Empty(Roles.ScopesOf(role, Tenants.Default));
}
