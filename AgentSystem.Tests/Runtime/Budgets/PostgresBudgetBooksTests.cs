using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Budgets.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Budgets;

/// <summary>The books over a real database: leases, windows, runs, and the dead.</summary>
public sealed class PostgresBudgetBooksTests(TestPostgres postgres) : IAsyncLifetime
{
    private const string Tenant = MigratedDatabase.TenantA;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 23, 59, 0, TimeSpan.Zero));
    private MigratedDatabase database = null!;
    private PostgresBudgetBooks books = null!;
    private PostgresBudgetStore store = null!;

    public async ValueTask InitializeAsync()
    {
        database = await MigratedDatabase.CreateAsync(postgres);
        (books, store) = (new PostgresBudgetBooks(database.Runtime, time), new PostgresBudgetStore(database.Runtime, time));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Start_WhileAnotherProcessHoldsTheRestAndDoesNotUseIt_TakesItOver()
    {
        await BudgetAsync(100);
        // Far from the limit the first one draws ahead; the second needs all that is left.
        Assert.Null((await StartAsync("one", 0.5m)).Refusal);
        Assert.True((decimal)(await database.ScalarAsync("SELECT credit_usd FROM agentsystem.budget_leases"))! > 0);

        Assert.Null((await StartAsync("two", 99.5m)).Refusal);
        Assert.NotNull((await StartAsync("one", 0.001m)).Refusal);
    }

    [Fact]
    public async Task Start_InTheNextWindow_HasTheWholeLimitAgain_AndALateSettlementGoesIntoItsOwn()
    {
        var budget = await BudgetAsync(1, BudgetWindow.Day);
        var call = Call(1);
        Assert.Null((await StartAsync("one", call)).Refusal);
        Assert.Equal(TimeSpan.FromMinutes(1), (await StartAsync("one", 1m)).Refusal!.ResetsIn);

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null((await StartAsync("one", 1m)).Refusal);
        await EndAsync("one", call, 0.25m);
        await books.BeatAsync("one", [Tenant], default);

        Assert.Equal((0m, 1m), await store.FindAsync(Tenant, budget.Id, default) is { } view ? (view.SpentUsd, view.ReservedUsd) : default);
        Assert.Equal(0.25m, await database.ScalarAsync("SELECT spent_usd FROM agentsystem.budget_windows ORDER BY starts_at LIMIT 1"));
    }

    [Fact]
    public async Task Start_OfAChildRun_IsChargedToItsParentToo()
    {
        var parent = new RunLimit("parent", 1m);
        Assert.Null((await StartAsync("one", Call(0.6m, [parent, new RunLimit("child", 0.8m)]))).Refusal);

        var overParent = await StartAsync("one", Call(0.5m, [parent, new RunLimit("other", 5m)]));
        var overChild = await StartAsync("one", Call(0.3m, [parent, new RunLimit("child", 0.8m)]));

        Assert.Equal(("run:parent", "run:child"), (overParent.Refusal!.Scope, overChild.Refusal!.Scope));
        Assert.Null((await StartAsync("one", Call(0.4m, [parent, new RunLimit("third", 5m)]))).Refusal);
        Assert.Empty(await store.ListAsync(Tenant, null, null, 10, default));
    }

    [Fact]
    public async Task Reclaim_OfASilentProcess_SettlesWhatWasSentInFullAndReturnsTheRest()
    {
        var budget = await BudgetAsync(100);
        Assert.Null((await StartAsync("dead", 2m)).Refusal);
        Assert.Null((await StartAsync("alive", 3m)).Refusal);
        await database.ScalarAsync("UPDATE agentsystem.budget_holders SET beat_at = beat_at - interval '1 hour' WHERE id = 'dead'");

        Assert.Equal(1, await books.ReclaimAsync(TimeSpan.FromSeconds(20), default));

        var view = (await store.FindAsync(Tenant, budget.Id, default))!;
        Assert.Equal((2m, 3m, 95m), (view.SpentUsd, view.ReservedUsd, view.RemainingUsd));
        Assert.Equal(2m, await database.ScalarAsync("SELECT sum(cost_usd) FROM agentsystem.model_calls WHERE estimated"));
        Assert.Equal(0, await books.ReclaimAsync(TimeSpan.FromSeconds(20), default));
    }

    [Fact]
    public async Task End_OfACallThatWasBuried_ChangesNothing()
    {
        var budget = await BudgetAsync(10);
        var call = Call(2);
        Assert.Null((await StartAsync("one", call)).Refusal);
        await books.LeaveAsync("one", [Tenant], default);

        await EndAsync("one", call, 0.5m);

        Assert.Equal(2m, (await store.FindAsync(Tenant, budget.Id, default))!.SpentUsd);
        Assert.Equal(2m, await database.ScalarAsync("SELECT sum(cost_usd) FROM agentsystem.model_calls"));
    }

    [Fact]
    public async Task End_DearerThanItsReservation_IsChargedInFullAndStopsWhatFollows()
    {
        var budget = await BudgetAsync(1);
        var call = Call(1);
        Assert.Null((await StartAsync("one", call)).Refusal);

        var result = await books.TurnAsync("one", [new CallEnd(call.Id, Tenant, true, call with { CostUsd = 1.5m })], [], default);

        Assert.Equal(1, result.Overruns);
        Assert.Equal((1.5m, BudgetState.Exceeded), await store.FindAsync(Tenant, budget.Id, default) is { } view ? (view.SpentUsd, view.State) : default);
        Assert.NotNull((await StartAsync("one", 0.001m)).Refusal);
    }

    [Fact]
    public async Task Warning_IsGivenOnceAWindow_AndIsAFact()
    {
        var budget = await BudgetAsync(10);
        var before = await books.TurnAsync("one", [], [Call(5)], default);
        var reached = await books.TurnAsync("one", [], [Call(4)], default);
        var after = await books.TurnAsync("two", [], [Call(0.5m)], default);

        Assert.Equal((0, 1, 0), (before.Warnings.Count, reached.Warnings.Count, after.Warnings.Count));
        Assert.Equal(
            $"1 {budget.Id} key:k 10",
            await database.ScalarAsync("SELECT concat_ws(' ', count(*), min(body->>'budget_id'), min(body->>'scope'), min(body->>'limit_usd')) FROM agentsystem.facts WHERE kind = 'budget_warned'"));
        Assert.Equal(time.GetUtcNow(), (await store.FindAsync(Tenant, budget.Id, default))!.WarnedAt);
    }

    [Fact]
    public async Task Delete_WithCallsUnderWay_LetsThemEndQuietly()
    {
        var budget = await BudgetAsync(10);
        var call = Call(2);
        Assert.Null((await StartAsync("one", call)).Refusal);

        Assert.True(await store.DeleteAsync(Tenant, budget.Id, default));
        await EndAsync("one", call, 0.5m);
        await books.BeatAsync("one", [Tenant], default);

        Assert.Equal(0.5m, await database.ScalarAsync("SELECT sum(cost_usd) FROM agentsystem.model_calls"));
        Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.budget_windows"));
    }

    [Fact]
    public async Task Ledger_AskedByDayAndModel_AddsUpEachTenantsOwn()
    {
        var ledger = new PostgresUsageLedger(database.Runtime);
        await EndAsync("one", Call(0) with { Model = "a", CostUsd = 0.1m, InputTokens = 3 }, 0.1m, reserved: false);
        await EndAsync("one", Call(0) with { Model = "b", CostUsd = 0.2m }, 0.2m, reserved: false);
        time.Advance(TimeSpan.FromMinutes(5));
        await EndAsync("one", Call(0) with { Model = "a", CostUsd = 0.4m }, 0.4m, reserved: false);

        var query = new UsageQuery(Tenant, DateTimeOffset.UnixEpoch, time.GetUtcNow().AddDays(1), [UsageGroups.Day, "model"], 0, 10);
        var report = await ledger.ReportAsync(query, default);

        Assert.Equal([("2026-11-29", "a", 0.4m), ("2026-11-28", "b", 0.2m), ("2026-11-28", "a", 0.1m)], report.Data.Select(static group => (group.Day!, group.Model!, group.CostUsd)));
        Assert.Equal((3L, 0.7m), (report.Totals.Calls, report.Totals.CostUsd));
        Assert.Equal(0, (await ledger.ReportAsync(query with { Tenant = MigratedDatabase.TenantB }, default)).Totals.Calls);
        Assert.Single((await ledger.ReportAsync(query with { Skip = 2 }, default)).Data);
    }

    private async Task<BudgetView> BudgetAsync(decimal limit, BudgetWindow window = BudgetWindow.Total) =>
        (await store.AddAsync(Tenant, new CreateBudget("key:k", limit, window), "test", default))!;

    private CallRecord Call(decimal usd, IReadOnlyList<RunLimit>? runs = null) =>
        new(Guid.CreateVersion7(time.GetUtcNow()), new BudgetScope(Tenant, "k", null, null, "agent", 1, "request") { Runs = runs ?? [] }, "m", time.GetUtcNow(), 1, 1, usd, true);

    private Task<CallVerdict> StartAsync(string holder, decimal usd) => StartAsync(holder, Call(usd));

    private async Task<CallVerdict> StartAsync(string holder, CallRecord call) => (await books.TurnAsync(holder, [], [call], default)).Verdicts[call.Id];

    private Task EndAsync(string holder, CallRecord call, decimal usd, bool reserved = true) =>
        books.TurnAsync(holder, [new CallEnd(call.Id, Tenant, reserved, call with { CostUsd = usd, Estimated = false })], [], default);
}
