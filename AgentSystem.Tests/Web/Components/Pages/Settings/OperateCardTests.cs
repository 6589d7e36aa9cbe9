using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Settings;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Settings;

public sealed class OperateCardTests : PageTests
{
    [Fact]
    public void Cache_Cleared_ForgetsWhatItHeldAfterAsking()
    {
        var card = Open();
        Click(card, "Clear the cache");
        DialogShows("Every kept answer of this tenant is forgotten");
        Press("Clear it");
        Notes("1,482 answers are forgotten.");
    }

    [Fact]
    public void Instance_DrainedAndResumed_ShowsEachStateAsItIs()
    {
        var card = Open();
        Click(card, "Drain");
        DialogShows("New runs go to the other instances.");
        Press("Drain it");
        Shows(card, "It takes nothing new.");
        Assert.Equal("draining", Api.Operations.Instance("api-1").State);

        Click(card, "Drain");
        DialogShows("No other instance is serving");
        Press("Leave it");

        Click(card, "Resume");
        card.WaitForAssertion(() => Assert.DoesNotContain("It takes nothing new.", card.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Equal("serving", Api.Operations.Instance("api-1").State);
    }

    [Fact]
    public void Act_ApiRefuses_ShowsItsWords()
    {
        var card = Open();
        Click(card, "Clear the cache");
        DialogShows("Every kept answer");
        Api.Failing = 503;
        Press("Clear it");
        Shows(card, "The script says no.");
    }

    [Fact]
    public void AdminKey_RotatedByWhoUsesIt_IsShownOnceAndAsksToSignInAgain()
    {
        Api.NameAdminKey("admin");
        Click(Open(), "Rotate the admin key");
        DialogShows("You are signed in with it");
        Press("Rotate");
        DialogShows("as-rotated-89abcdef0123456789abcdef01234567");
        DialogShows("sign in again with the new one");
        Press("Done");
    }

    [Fact]
    public void AdminKey_RotatedWithAnotherKey_LeavesTheSessionAlone()
    {
        Click(Open(), "Rotate the admin key");
        DialogShows("You are signed in with another key and stay signed in.");
        Press("Keep it");
    }

    [Fact]
    public void AdminKey_GivenByTheOperator_SaysWhereItIsChanged()
    {
        Api.AdminKeyIsConfigured = true;
        Click(Open(), "Rotate the admin key");
        DialogShows("is made and shown once");
        Press("Rotate");
        DialogShows("AGENTSYSTEM_ADMIN_KEY");
    }

    [Fact]
    public void Card_OfATenantsAdministrator_OffersWhatConcernsTheTenantOnly()
    {
        Api.Operations.OnlyATenant = true;
        var card = Open<OperateCard>("only an administrator of tenant");
        Assert.Equal("Clear the cache", Assert.Single(card.FindAll(".acts button")).TextContent);
    }

    private IRenderedComponent<OperateCard> Open() => Open<OperateCard>("api-2");
}
