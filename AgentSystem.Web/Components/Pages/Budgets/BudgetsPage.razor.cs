using System.Globalization;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Usage;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Budgets;

/// <summary>Budgets: see, make, change, delete. Below them what model calls came to.</summary>
public sealed partial class BudgetsPage
{
    private const int ShownDays = 30;

    private PagedRows<BudgetView> _budgets = null!;
    private ApiFailure? _failure;
    private DateOnly _from;
    private KeyNames? _names;
    private UsageReport? _days;
    private UsageReport? _agents;
    private UsageReport? _models;
    private UsageReport? _keys;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _budgets = new PagedRows<BudgetView>(Api.Budgets.ListAsync);
    }

    protected override Task ArriveAsync() => ReloadAsync();

    private async Task ReloadAsync()
    {
        _failure = null;
        _from = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(1 - ShownDays);
        await _budgets.AgainAsync(Left);
        _names ??= await KeyNames.LoadAsync(Api, Left);
        _days = await UsageAsync("day") ?? _days;
        _agents = await UsageAsync("agent") ?? _agents;
        _models = await UsageAsync("model") ?? _models;
        _keys = await UsageAsync("key") ?? _keys;
    }

    private async Task<UsageReport?> UsageAsync(string by)
    {
        var report = await Api.Budgets.UsageAsync(by, _from, Left);
        _failure ??= report.Failure;
        return report.Value;
    }

    private async Task EditAsync(BudgetView? budget)
    {
        var dialog = await Dialogs.ShowAsync<BudgetDialog>(
            budget is null ? "Create budget" : $"Budget of {budget.Scope}", new DialogParameters<BudgetDialog> { { edit => edit.Before, budget } });
        if (await dialog.Result is { Canceled: false })
        {
            Note(budget is null ? "The budget counts from now on." : "The budget is changed.");
            await _budgets.AgainAsync(Left);
        }
    }

    private async Task DeleteAsync(BudgetView budget)
    {
        if (!await AskDialog.AskAsync(Dialogs, "Delete budget", $"Nothing will limit what {budget.Scope} spends{PerWindow(budget.Window)} any more. What was spent stays in the ledger.", "Delete", "Keep it"))
        {
            return;
        }

        _failure = await Api.Budgets.DeleteAsync(budget.Id, Left);
        if (_failure is null)
        {
            Note("The budget is deleted.");
            await _budgets.AgainAsync(Left);
        }
    }

    private string? KeyName(UsageGroup group) => group.Key is { } key ? _names?.InWords("key:" + key) ?? key : null;

    private static string PerWindow(BudgetWindow window) => window == BudgetWindow.Total ? "" : $" a {window.ToString().ToLowerInvariant()}";

    private static string? Tone(BudgetView budget) => budget.State switch
    {
        BudgetState.Exceeded => "bad",
        BudgetState.Warning => "warn",
        _ => null,
    };

    private static string BarWords(BudgetView budget) =>
        $"{Figures.Usd(budget.SpentUsd)} spent, {Figures.Usd(budget.ReservedUsd)} set aside for calls under way, {Figures.Usd(budget.RemainingUsd)} left of {Figures.Usd(budget.LimitUsd)}";

    private static string Width(decimal part, BudgetView budget) =>
        (budget.LimitUsd == 0 ? 100 : Math.Clamp(part / Math.Max(budget.LimitUsd, budget.SpentUsd + budget.ReservedUsd) * 100, 0, 100)).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
