using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages;
using AgentSystem.Web.Components.Pages.Agents;
using AgentSystem.Web.Components.Pages.Budgets;
using AgentSystem.Web.Components.Pages.Documents;
using AgentSystem.Web.Components.Pages.Models;
using AgentSystem.Web.Components.Pages.Responses;
using AgentSystem.Web.Components.Pages.Runs;
using AgentSystem.Web.Components.Pages.Security;
using AgentSystem.Web.Components.Pages.Sessions;
using AgentSystem.Web.Components.Pages.Threads;
using AgentSystem.Web.Components.Pages.Webhooks;
using AgentSystem.Web.SignIn;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AgentSystem.Tests.Web.Components.Pages;

/// <summary>What a viewer is shown: everything there is to see, and no button that the API would always refuse.</summary>
public sealed class ViewerTests : PageTests
{
    /// <summary>Words of buttons that change nothing.</summary>
    private static readonly string[] Reading = ["Refresh", "Read again", "Export", "Evidence", "Newer", "Older", "Filter", "Search", "Show decided ones", "Show open ones", "Screen it", "Show all", "Try again", "Copy"];

    public static TheoryData<Type, string, string, string> Pages => new()
    {
        { typeof(AgentsPage), "", "", "assistant" },
        { typeof(AgentPage), "Name", "assistant", "agents:write" },
        { typeof(VersionsPage), "Name", "assistant", "Version" },
        { typeof(ThreadsPage), "", "", "A birthday and a sum" },
        { typeof(ThreadPage), "Id", ScriptedThreads.Known, "going on with it takes" },
        { typeof(DocumentsPage), "", "", "Documents" },
        { typeof(RunsPage), "", "", "run_" },
        { typeof(RunPage), "Id", ScriptedRuns.Waits, "Step" },
        { typeof(RunPage), "Id", ScriptedRuns.Done, "Step" },
        { typeof(SchedulesPage), "", "", "cron" },
        { typeof(DeadLettersPage), "", "", "Dead letters" },
        { typeof(WebhooksPage), "", "", "https://" },
        { typeof(WebhookPage), "Id", ScriptedWebhooks.Works, "https://" },
        { typeof(ResponsesPage), "", "", "resp_" },
        { typeof(BudgetsPage), "", "", "key:key_chat" },
        { typeof(SessionsPage), "", "", "State" },
        { typeof(ConflictsPage), "", "", "Came" },
        { typeof(ModelsPage), "", "", "Models" },
        { typeof(SecurityPage), "", "", "override_instructions" },
        { typeof(IncidentsPage), "", "", "Evidence" },
        { typeof(IntelligencePage), "", "", "198.51.100.0/24" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_ForAViewer_HasNoButtonThatActs(Type page, string parameter, string value, string shows)
    {
        var acts = ActsOf(Roles.Viewer, page, parameter, value, shows);

        Assert.True(acts.Count == 0, string.Join(", ", acts));
    }

    [Fact]
    public void Page_ForAnAdministrator_HasThem() => Assert.Contains("Kill switch", ActsOf(Roles.Admin, typeof(SecurityPage), "", "", "override_instructions"));

    [Fact]
    public void Editor_ForAViewer_IsShutAndSaysWhatItTakes()
    {
        var page = Open(Roles.Viewer, typeof(AgentPage), "Name", "assistant", "agents:write");

        Assert.True(page.Find("fieldset.whole").HasAttribute("disabled"));
    }

    private List<string> ActsOf(string role, Type page, string parameter, string value, string shows) =>
        [.. Open(role, page, parameter, value, shows).FindAll("button, a.quiet-button, a.primary-button").Where(static one => !one.HasAttribute("disabled") && one.ParentElement?.ClassName?.Contains("chips", StringComparison.Ordinal) != true)
            .Where(static one => one.TagName == "BUTTON" || one.GetAttribute("href") is "/chat" or "/new/agent")
            .Select(static one => one.TextContent.Trim() is { Length: > 0 } words ? words : one.GetAttribute("aria-label") ?? "")
            .Where(static words => words.Length > 0 && !Reading.Contains(words))];

    private IRenderedComponent<DynamicComponent> Open(string role, Type page, string parameter, string value, string shows)
    {
        var who = new IdentityView("subject:vera", "Vera", Tenants.Default, null, null, Roles.ScopesOf(role, Tenants.Default), ["*"], ["*"], null);
        var user = ConsoleUser.For(new SessionTokens("token", null, TimeProvider.System.GetUtcNow().AddHours(1)), who, TimeProvider.System.GetUtcNow());
        var shown = Browser.Render<DynamicComponent>(parameters => parameters
            .Add(static dynamic => dynamic.Type, page)
            .Add(static dynamic => dynamic.Parameters, parameter.Length == 0 ? null : new Dictionary<string, object> { [parameter] = value })
            .AddCascadingValue(Task.FromResult(new AuthenticationState(user))));
        Shows(shown, shows);
        return shown;
    }
}
