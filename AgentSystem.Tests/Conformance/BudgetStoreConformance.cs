using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Budgets.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IBudgetStore"/> keeps to.</summary>
public abstract class BudgetStoreConformance : IAsyncLifetime
{
    private const string A = MigratedDatabase.TenantA;

    private IBudgetStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Add_ThenFind_GivesEveryMemberBack()
    {
        var made = await Store.AddAsync(A, new CreateBudget("team:t", 1.23456789m, BudgetWindow.Week, OnExceeded.Degrade, 0.5m), "somebody", default);

        Assert.Equal(made, await Store.FindAsync(A, made!.Id, default));
        Assert.Equal(("team:t", 1.23456789m, BudgetWindow.Week, OnExceeded.Degrade, 0.5m, "somebody"), (made.Scope, made.LimitUsd, made.Window, made.OnExceeded, made.WarnAt, made.CreatedBy));
        Assert.Null(await Store.FindAsync(MigratedDatabase.TenantB, made.Id, default));
    }

    [Fact]
    public async Task Add_TheSameScopeAndWindowTwice_IsRefused_AnotherWindowIsNot()
    {
        Assert.NotNull(await Store.AddAsync(A, new CreateBudget("team:t", 1, BudgetWindow.Day), "s", default));
        Assert.Null(await Store.AddAsync(A, new CreateBudget("team:t", 2, BudgetWindow.Day), "s", default));
        Assert.NotNull(await Store.AddAsync(A, new CreateBudget("team:t", 2, BudgetWindow.Month), "s", default));
        Assert.NotNull(await Store.AddAsync(MigratedDatabase.TenantB, new CreateBudget("team:t", 2, BudgetWindow.Day), "s", default));
        Assert.Equal(["team:t"], await Store.ScopesAsync(A, default));
    }

    [Fact]
    public async Task List_PageByPage_ShowsEachOnceTheNewestFirst()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Store.AddAsync(A, new CreateBudget("team:" + name, 1, BudgetWindow.Day), "s", default);
            Later();
        }

        var first = await Store.ListAsync(A, null, null, 2, default);
        var rest = await Store.ListAsync(A, null, first[^1].Id, 2, default);

        Assert.Equal(["team:c", "team:b", "team:a"], first.Concat(rest).Select(static budget => budget.Scope));
        Assert.Equal(["team:b"], (await Store.ListAsync(A, "team:b", null, 9, default)).Select(static budget => budget.Scope));
    }

    [Fact]
    public async Task Update_LeavesWhatIsAbsent_AndAnotherTenantsAlone()
    {
        var made = await Store.AddAsync(A, new CreateBudget("team:t", 5, BudgetWindow.Day, OnExceeded.Degrade), "s", default);

        var changed = await Store.UpdateAsync(A, made!.Id, new UpdateBudget(LimitUsd: 7), default);

        Assert.Equal((7m, OnExceeded.Degrade, 0.8m), (changed!.LimitUsd, changed.OnExceeded, changed.WarnAt));
        Assert.Null(await Store.UpdateAsync(MigratedDatabase.TenantB, made.Id, new UpdateBudget(LimitUsd: 1), default));
        Assert.False(await Store.DeleteAsync(MigratedDatabase.TenantB, made.Id, default));
        Assert.True(await Store.DeleteAsync(A, made.Id, default));
        Assert.False(await Store.DeleteAsync(A, made.Id, default));
    }

    /// <summary>A store that knows the tenants <see cref="MigratedDatabase.TenantA"/> and <see cref="MigratedDatabase.TenantB"/>.</summary>
    protected abstract Task<IBudgetStore> CreateAsync();

    /// <summary>Lets the store's clock go on.</summary>
    protected abstract void Later();
}

public sealed class PostgresBudgetStoreTests(TestPostgres postgres) : BudgetStoreConformance
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IBudgetStore> CreateAsync() => new PostgresBudgetStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime, time);

    protected override void Later() => time.Advance(TimeSpan.FromSeconds(1));
}
