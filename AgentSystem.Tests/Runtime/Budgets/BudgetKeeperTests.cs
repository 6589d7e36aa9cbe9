using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Budgets.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Budgets;

/// <summary>One process's part: what waits is turned together, and nothing is lost when it stops.</summary>
public sealed class BudgetKeeperTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly ModelView Model = new("m", "openai", "m", null, 1_000m, 2_000m);
    private static readonly BudgetScope Scope = new(MigratedDatabase.TenantA, "k", "team", "user\0", "agent", 1, "request");
    private readonly ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private MigratedDatabase database = null!;
    private PostgresBudgetStore store = null!;
    private BudgetCommitter committer = null!;
    private BudgetKeeper keeper = null!;

    public async ValueTask InitializeAsync()
    {
        database = await MigratedDatabase.CreateAsync(postgres);
        var (options, telemetry) = (Options.Create(new BudgetsOptions()), new BudgetTelemetry(meters.GetRequiredService<IMeterFactory>()));
        store = new PostgresBudgetStore(database.Runtime, TimeProvider.System);
        committer = new BudgetCommitter(new PostgresBudgetBooks(database.Runtime, TimeProvider.System), telemetry, options, TimeProvider.System, NullLogger<BudgetCommitter>.Instance);
        keeper = new BudgetKeeper(new BudgetDirectory(store, options, TimeProvider.System), committer, telemetry, options, TimeProvider.System);
        await committer.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await committer.StopAsync(CancellationToken.None);
        committer.Dispose();
        await meters.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Stop_RightAfterManyCalls_HasThemAllInTheLedger()
    {
        for (var i = 0; i < 1_200; i++)
        {
            var verdict = await keeper.ReserveAsync(Scope, Model, new TokenBound(10, 10), default);
            keeper.Settle(verdict.Reservation!, 1, 1, 0.003m, estimated: false);
        }

        await committer.StopAsync(CancellationToken.None);

        Assert.Equal(1_200 * 0.003m, await database.ScalarAsync("SELECT sum(cost_usd) FROM agentsystem.model_calls WHERE team = 'team' AND user_name = 'user'"));
    }

    [Fact]
    public async Task Stop_WithACallUnderWay_SettlesItInFullAndHoldsNothing()
    {
        var budget = await BudgetAsync(1m);
        Assert.NotNull((await keeper.ReserveAsync(Scope, Model, new TokenBound(10, 10), default)).Reservation);
        Assert.Equal(0.03m, (await store.FindAsync(MigratedDatabase.TenantA, budget.Id, default))!.ReservedUsd);

        await committer.StopAsync(CancellationToken.None);

        var view = (await store.FindAsync(MigratedDatabase.TenantA, budget.Id, default))!;
        Assert.Equal((0.03m, 0m), (view.SpentUsd, view.ReservedUsd));
        Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.budget_holders"));
    }

    [Fact]
    public async Task Reserve_AfterTheCallBeforeWasReleasedOrSettled_FindsItsCreditAtOnce()
    {
        await BudgetAsync(0.03m);
        for (var i = 0; i < 20; i++)
        {
            // Each takes the whole limit; the one before must be back.
            var verdict = await keeper.ReserveAsync(Scope, Model, new TokenBound(10, 10), default);
            Assert.NotNull(verdict.Reservation);
            Assert.Equal(0.03m, i % 2 == 0 ? keeper.Release(verdict.Reservation) : keeper.Settle(verdict.Reservation, 0, 0, 0m, estimated: false));
        }
    }

    [Fact]
    public async Task Settle_ACallTheDatabaseCannotKeep_StopsNoOther()
    {
        var bad = (await keeper.ReserveAsync(Scope, Model, new TokenBound(1, 1), default)).Reservation!;
        var good = (await keeper.ReserveAsync(Scope, Model, new TokenBound(1, 1), default)).Reservation!;
        keeper.Settle(bad, 1, 1, -1m, estimated: false);
        keeper.Settle(good, 1, 1, 0.5m, estimated: false);

        await committer.StopAsync(CancellationToken.None);

        Assert.Equal(0.5m, await database.ScalarAsync("SELECT sum(cost_usd) FROM agentsystem.model_calls"));
    }

    [Fact]
    public async Task Reserve_WhenTheCallerHasGivenUp_HoldsNothing()
    {
        var budget = await BudgetAsync(1m);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await keeper.ReserveAsync(Scope, Model, new TokenBound(10, 10), gone.Token));
        Assert.NotNull((await keeper.ReserveAsync(Scope, Model, new TokenBound(10, 10), default)).Reservation);

        Assert.Equal(0.03m, (await store.FindAsync(MigratedDatabase.TenantA, budget.Id, default))!.ReservedUsd);
    }

    private async Task<BudgetView> BudgetAsync(decimal limit)
    {
        var made = await store.AddAsync(MigratedDatabase.TenantA, new CreateBudget("key:k", limit, BudgetWindow.Total), "test", default);
        keeper.Changed(MigratedDatabase.TenantA);
        return made!;
    }
}
