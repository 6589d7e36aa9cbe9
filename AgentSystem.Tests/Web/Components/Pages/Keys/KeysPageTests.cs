using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Pages.Keys;
using AgentSystem.Web.SignIn;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Keys;

public sealed class KeysPageTests : PageTests
{
    [Fact]
    public void List_TheKeyOneIsSignedInWith_CannotBeRevokedThere()
    {
        var page = Open<KeysPage>("first admin key");
        Assert.Empty(page.FindAll("[aria-label='Revoke first admin key']"));
        Shows(page, "Your own key");
        Assert.Single(page.FindAll("[aria-label='Revoke storefront']"));
    }

    [Fact]
    public void Page_ShowsTheTenantItsTeamsAndWhatEachRoleMayDo()
    {
        var page = Open<KeysPage>("teams red (2)");
        Shows(page, "3 agents, 2 keys that work");
        Assert.Equal(Roles.All, TenantAndRoles.Meanings.Select(static role => role.Role));
        Assert.All(Roles.All, role => Assert.Contains($">{role}<", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Revoke_AnAdminKey_SaysThatItsPeopleAreSignedOut()
    {
        Make("second admin", [Scopes.Admin], null);
        var page = Open<KeysPage>("second admin");
        Do(page, () => page.Find("[aria-label='Revoke second admin']").Click());
        DialogShows("whoever is signed in to this console with it");
        Press("Keep it");
    }

    [Fact]
    public void List_AKeyForManyAgents_ShowsAFewAndTellsTheRestOnPointing()
    {
        Make("wide", [Scopes.Chat], [.. Enumerable.Range(1, 40).Select(static number => $"agent-{number}")]);
        var page = Open<KeysPage>("wide");
        var reach = page.FindAll("td.reach").Single(static cell => cell.TextContent.Contains("agent-1", StringComparison.Ordinal));
        Assert.Equal("agent-1, agent-2, agent-3 and 37 more", reach.TextContent);
        Assert.EndsWith("agent-40", reach.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void List_AKeyWithLimits_ShowsWhatItUsedOfThem()
    {
        var page = Open<KeysPage>("storefront");
        var used = Assert.Single(page.FindAll("div.used"));
        Assert.Equal("this minute: 13 req, 3,456 tok, 2 now", used.TextContent);
    }

    [Fact]
    public void Create_Scopes_AreExplained()
    {
        Click(Open<KeysPage>("storefront"), "Create key");
        DialogShows("Ask agents and models");
        Assert.All(Scopes.All, static scope => Assert.NotNull(KeyDraft.MeaningOf(scope)));
        Press("Cancel");
    }

    [Fact]
    public void Find_KeysThatCannotBeToldApart_NamesNone()
    {
        var mine = Key("key_1", "as-abcdef");
        Assert.Equal("key_1", OwnKey.Find([mine, Key("key_2", "as-ghijkl")], "as-abcdef-and-more"));
        Assert.Null(OwnKey.Find([mine, Key("key_2", "as-abcdef")], "as-abcdef-and-more"));
        Assert.Equal("key_2", OwnKey.Find([mine, Key("key_2", "custom")], "chosen-by-the-operator-0123456789"));
        Assert.Null(OwnKey.Find([mine with { RevokedAt = TimeProvider.System.GetUtcNow() }], "as-abcdef-and-more"));
        Assert.Null(OwnKey.Find([mine], null));
    }

    [Fact]
    public async Task InWords_AUserThatIsAKey_IsTheKeysName()
    {
        var names = await KeyNames.LoadAsync(Client, Xunit.TestContext.Current.CancellationToken);
        Assert.Equal("key storefront", names.InWords("key:key_chat"));
        Assert.Equal("key key_01a2b3c4…", names.InWords("key:key_01a2b3c4d5e6f7"));
        Assert.Equal("ada", names.InWords("ada"));
    }

    private void Make(string name, IReadOnlyList<string> scopes, IReadOnlyList<string>? agents) =>
        Assert.True(Client.CreateKeyAsync(new CreateKey(name, scopes, Agents: agents), Xunit.TestContext.Current.CancellationToken).GetAwaiter().GetResult().IsSuccess);

    private static KeyView Key(string id, string prefix) =>
        new(id, id, prefix, Tenants.Default, null, null, [Scopes.Admin], ["*"], ["*"], KeyLimits.None, TimeProvider.System.GetUtcNow(), null, null, null);
}
