using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Memory;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IMemoryStore"/> keeps to.</summary>
public abstract class MemoryStoreConformance : IAsyncLifetime
{
    private static readonly MemoryScope Mine = new(Tenants.Default, "u1", "assistant");

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    private IMemoryStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Recall_WhatWasRemembered_GivesItAsStored()
    {
        var id = await Store.RememberAsync(Mine, "my sister's birthday is 4 May", default);
        await Store.RememberAsync(Mine, "our wifi password is marzipan88", default);
        var found = Assert.Single(await Store.RecallAsync(Mine, "my sister's birthday", 3, default));
        Assert.Equal((id, "my sister's birthday is 4 May", Time.GetUtcNow()), (found.Id, found.Text, found.At));
        Assert.InRange(found.Score, 0.5, 1);
    }

    [Theory]
    [InlineData("tenant-a", "u1", "assistant")]
    [InlineData("default", "u2", "assistant")]
    [InlineData("default", "u1", "other")]
    public async Task Recall_InAnotherScope_FindsNothing(string tenant, string user, string agent)
    {
        await Store.RememberAsync(Mine, "my sister's birthday is 4 May", default);
        Assert.Empty(await Store.RecallAsync(new MemoryScope(tenant, user, agent), "my sister's birthday", 3, default));
    }

    [Fact]
    public async Task Recall_NothingFits_IsEmpty()
    {
        Assert.Empty(await Store.RecallAsync(Mine, "my sister's birthday", 3, default));
        await Store.RememberAsync(Mine, "our wifi password is marzipan88", default);
        Assert.Empty(await Store.RecallAsync(Mine, "my sister's birthday", 3, default));
    }

    [Fact]
    public async Task Remember_SameTextAgain_KeepsItsIdAndBecomesTheNewest()
    {
        var first = await Store.RememberAsync(Mine, "my locker code is 1111", default);
        Time.Advance(TimeSpan.FromMinutes(1));
        await Store.RememberAsync(Mine, "my locker code is 2222", default);
        Assert.Equal("my locker code is 2222", (await Store.RecallAsync(Mine, "my locker code", 3, default))[0].Text);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first, await Store.RememberAsync(Mine, "my locker code is 1111", default));
        Assert.Equal(["my locker code is 1111", "my locker code is 2222"], (await Store.RecallAsync(Mine, "my locker code", 3, default)).Select(memory => memory.Text));
    }

    [Fact]
    public async Task Remember_SameTextAtOnce_KeepsOne()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.RememberAsync(Mine, "my locker code is 1111", default)));
        Assert.Single(ids.Distinct());
        Assert.Single(await Store.RecallAsync(Mine, "locker", 3, default));
    }

    [Fact]
    public async Task Remember_TextThatIsNoStatement_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.RememberAsync(Mine, new string('x', MemoryLimits.MaxTextLength + 1), default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.RememberAsync(Mine, " ", default));
        await Store.RememberAsync(Mine, string.Concat(Enumerable.Repeat("木", MemoryLimits.MaxTextLength)), default);
    }

    [Fact]
    public async Task Recall_AmongManyStatements_FindsTheOne()
    {
        foreach (var number in Enumerable.Range(1, 300))
        {
            await Store.RememberAsync(Mine, $"box {number} stands on shelf {number % 17}", default);
        }

        await Store.RememberAsync(Mine, "the violin is at the repair shop", default);
        Assert.Equal("the violin is at the repair shop", (await Store.RecallAsync(Mine, "my violin", 3, default))[0].Text);
        Assert.Equal("box 271 stands on shelf 16", (await Store.RecallAsync(Mine, "box 271", 3, default))[0].Text);
    }

    /// <summary>A store that takes its time from <see cref="Time"/>.</summary>
    protected abstract Task<IMemoryStore> CreateAsync();
}

public sealed class PostgresMemoryStoreTests(TestPostgres postgres) : MemoryStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IMemoryStore> CreateAsync()
    {
        database = await MigratedDatabase.CreateAsync(postgres);
        return new MemoryHouse(database, Time).Store;
    }
}
