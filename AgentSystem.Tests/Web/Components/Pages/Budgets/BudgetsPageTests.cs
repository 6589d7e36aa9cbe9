using AgentSystem.Contracts.Budgets;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Budgets;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Budgets;

public sealed class BudgetsPageTests : PageTests
{
    [Fact]
    public void List_Budgets_ShowsHowFullEachIsInWordsToo()
    {
        var page = Open<BudgetsPage>("key:key_chat");

        Assert.Contains("$43.50 spent, $1.25 set aside for calls under way, $5.25 left of $50.00", page.FindAll(".bar").Select(static bar => bar.GetAttribute("aria-label")));
        Assert.Equal(["spent", "nearly spent"], page.FindAll("td .badge").Select(static badge => badge.TextContent));
        Assert.Equal(2, page.FindAll("td .muted").Count(static note => note.TextContent.StartsWith("reached 80", StringComparison.Ordinal)));
        Assert.Equal("width:87%", page.FindAll(".bar .spent")[1].GetAttribute("style"));
    }

    [Fact]
    public void Usage_OfAMonth_IsChartedByDayAndAddedUpByAgentModelAndKey()
    {
        var page = Open<BudgetsPage>("By key");

        Shows(page, "key storefront");
        Shows(page, "assistant");
        Assert.Equal(30, page.FindAll(".day-chart g").Count);
        Assert.Contains("$117.00 in 30 days, at most $18.00 on one day.", page.Find(".day-chart svg").GetAttribute("aria-label"), StringComparison.Ordinal);
        // What is charged at its bound says so.
        Assert.Single(page.FindAll("td span[title*='charged the most']"));
    }

    [Fact]
    public void Create_ABudget_AsksForItAndShowsIt()
    {
        Click(Open<BudgetsPage>("key:key_chat"), "Create budget");
        TypeInDialog("#budget-kind", "agent");
        TypeInDialog("#budget-name", "assistant");
        TypeInDialog("#budget-limit", "12.5");
        SubmitDialog();
        Notes("counts from now on");

        Assert.Equal(new CreateBudget("agent:assistant", 12.5m, BudgetWindow.Month, OnExceeded.Stop, 0.8m), Assert.Single(Api.Budgets.Written));
    }

    [Fact]
    public void Create_WhatTheApiRefuses_SaysWhy()
    {
        Click(Open<BudgetsPage>("key:key_chat"), "Create budget");
        TypeInDialog("#budget-kind", "agent");
        TypeInDialog("#budget-name", "nobody");
        TypeInDialog("#budget-limit", "1");
        SubmitDialog();

        DialogShows("There is no agent");
        Press("Cancel");
    }

    [Fact]
    public void Change_ABudget_SendsItsNewFigures()
    {
        var page = Open<BudgetsPage>("key:key_chat");
        Do(page, () => page.Find("[aria-label='Change the budget of key:key_chat']").Click());
        TypeInDialog("#budget-limit", "75");
        SubmitDialog();
        Notes("changed");

        Assert.Equal(new UpdateBudget(75m, OnExceeded.Degrade, 0.8m), Assert.Single(Api.Budgets.Written));
        Shows(page, "$75.00");
    }

    [Fact]
    public void Delete_ABudget_AsksFirst()
    {
        var page = Open<BudgetsPage>("team:support");
        Do(page, () => page.Find("[aria-label='Delete the budget of team:support']").Click());
        DialogShows("Nothing will limit what team:support spends a day any more");
        Press("Delete");
        Notes("deleted");
        page.WaitForAssertion(() => Assert.DoesNotContain("team:support", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void List_WithoutAny_SaysWhatBudgetsAreFor()
    {
        Api.Budgets.Clear();
        Shows(Open<BudgetsPage>("No budgets yet"), "No model was called.");
    }

    [Fact]
    public void Problem_OutOfRange_IsSaidBeforeTheApiIsAsked()
    {
        Assert.NotNull(new BudgetDraft { Name = "a" }.Problem(named: true));
        Assert.NotNull(new BudgetDraft { Name = "a", LimitUsd = -1 }.Problem(named: true));
        Assert.NotNull(new BudgetDraft { LimitUsd = 1 }.Problem(named: true));
        Assert.NotNull(new BudgetDraft { LimitUsd = 1, WarnAt = 101 }.Problem(named: false));
        Assert.Null(new BudgetDraft { LimitUsd = 1 }.Problem(named: false));
    }
}
