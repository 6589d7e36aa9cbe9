using System.Text;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IRecordingStore"/> keeps to.</summary>
public abstract class RecordingStoreConformance : IAsyncLifetime
{
    private const string Owner = "me";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly RecordingKey One = new(Tenants.Default, "rec_1");
    private static readonly RecordingKey Two = new(MigratedDatabase.TenantA, "rec_2");

    private IRecordingStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync()
    {
        Store = await CreateAsync();
        await Store.BeginAsync(One, Owner, Day, default);
        await Store.BeginAsync(Two, Owner, Day, default);
    }

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Read_WhatWasWrittenInBatches_GivesItFromAnyNumberOn()
    {
        await Store.WriteAsync(Owner, [Batch(One, 0, "a", "b"), Batch(Two, 0, "x")], default);
        await Store.WriteAsync(Owner, [Batch(One, 2, "c") with { End = RecordingState.Finished }], default);

        Assert.Equal(["a", "b", "c"], Texts(await Store.ReadAsync(One, 0, default)));
        Assert.Equal(["b", "c"], Texts(await Store.ReadAsync(One, 1, default)));
        Assert.Equal(["c"], Texts(await Store.ReadAsync(One, 2, default)));
        var rest = await Store.ReadAsync(One, 3, default);
        Assert.Empty(rest!.Events);
        Assert.True(rest is { IsLast: true, Total: 3, State: RecordingState.Finished });
        Assert.True(await Store.ReadAsync(Two, 0, default) is { IsLast: false, State: RecordingState.Open });
        Assert.Null(await Store.ReadAsync(One with { Tenant = MigratedDatabase.TenantA }, 0, default));
    }

    [Fact]
    public async Task Read_MoreBatchesThanAPageHolds_GoesOnWhereThePageEnded()
    {
        for (var i = 0; i < 150; i++)
        {
            await Store.WriteAsync(Owner, [Batch(One, i, $"{i}")], default);
        }

        var texts = new List<string>();
        while (texts.Count < 150)
        {
            texts.AddRange(Texts(await Store.ReadAsync(One, texts.Count, default)));
        }

        Assert.Equal(Enumerable.Range(0, 150).Select(i => $"{i}"), texts);
    }

    [Fact]
    public async Task Write_TheSameBatchAgain_ChangesNothingAndIsKept()
    {
        var batch = Batch(One, 0, "a", "b") with { End = RecordingState.Finished };
        Assert.Contains(One, await Store.WriteAsync(Owner, [batch], default));
        Assert.Contains(One, await Store.WriteAsync(Owner, [batch], default));
        Assert.Equal(["a", "b"], Texts(await Store.ReadAsync(One, 0, default)));
    }

    [Theory]
    [InlineData(RecordingState.Finished)]
    [InlineData(RecordingState.Failed)]
    [InlineData(RecordingState.Abandoned)]
    public async Task Write_AfterTheEnd_IsRefused(RecordingState end)
    {
        await Store.WriteAsync(Owner, [Batch(One, 0, "a") with { End = end }], default);
        Assert.Empty(await Store.WriteAsync(Owner, [Batch(One, 1, "late")], default));
        Assert.Equal(["a"], Texts(await Store.ReadAsync(One, 0, default)));
        Assert.Empty(await Store.BeatAsync(Owner, [One], default));
    }

    [Fact]
    public async Task Write_BySomebodyElse_IsRefusedAndSoIsTheirHeartbeat()
    {
        Assert.Empty(await Store.WriteAsync("another", [Batch(One, 0, "a")], default));
        Assert.Empty(await Store.BeatAsync("another", [One], default));
        Assert.Equal([One, Two], (await Store.BeatAsync(Owner, [One, Two], default)).OrderBy(key => key.Id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Read_WhenTheOwnerIsSilentTooLong_FindsItAbandonedAndTheOwnerIsRefusedOnWaking()
    {
        await Store.WriteAsync(Owner, [Batch(One, 0, "a")], default);
        await SilenceAsync(One);
        var page = await Store.ReadAsync(One, 0, default);
        Assert.True(page is { State: RecordingState.Abandoned, IsLast: true });
        Assert.Equal(["a"], Texts(page));
        Assert.Empty(await Store.WriteAsync(Owner, [Batch(One, 1, "woken")], default));
        Assert.Empty(await Store.BeatAsync(Owner, [One], default));
    }

    [Fact]
    public async Task Write_AfterASilenceNobodyNoticed_GoesOn()
    {
        await SilenceAsync(One);
        Assert.Contains(One, await Store.WriteAsync(Owner, [Batch(One, 0, "a")], default));
        Assert.True(await Store.ReadAsync(One, 0, default) is { State: RecordingState.Open });
    }

    [Fact]
    public async Task DeleteExpired_WhatIsOld_GoesWithItsEventsAndNothingElseDoes()
    {
        var old = new RecordingKey(MigratedDatabase.TenantB, "rec_old");
        await Store.BeginAsync(old, Owner, TimeSpan.FromHours(-1), default);
        await Store.WriteAsync(Owner, [Batch(old, 0, "a") with { End = RecordingState.Finished }], default);

        Assert.Equal(1, await Store.DeleteExpiredAsync(10, default));
        Assert.Null(await Store.ReadAsync(old, 0, default));
        Assert.NotNull(await Store.ReadAsync(One, 0, default));
        Assert.Equal(0, await Store.DeleteExpiredAsync(10, default));
    }

    /// <summary>A store that knows the tenants <c>default</c>, <see cref="MigratedDatabase.TenantA"/> and <see cref="MigratedDatabase.TenantB"/>.</summary>
    protected abstract Task<IRecordingStore> CreateAsync();

    /// <summary>Makes it as if the owner had said nothing for an hour.</summary>
    protected abstract Task SilenceAsync(RecordingKey key);

    private static RecordingBatch Batch(RecordingKey key, int first, params string[] events) => new(key, first, [.. events.Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))], null);

    private static IEnumerable<string> Texts(RecordedPage? page) => page!.Events.Select(static item => Encoding.UTF8.GetString(item.Span));
}

public sealed class PostgresRecordingStoreTests(TestPostgres postgres) : RecordingStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IRecordingStore> CreateAsync() =>
        new PostgresRecordingStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime, database.Box, Options.Create(new RecordingsOptions()));

    protected override Task SilenceAsync(RecordingKey key) =>
        database!.ScalarAsync($"UPDATE agentsystem.recordings SET heartbeat_at = now() - interval '1 hour' WHERE id = '{key.Id}'");
}
