using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Idempotency;
using AgentSystem.Runtime.Idempotency.Postgres;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IIdempotencyStore"/> keeps to.</summary>
public abstract class IdempotencyStoreConformance : IAsyncLifetime
{
    private static readonly IdempotentRequest Request = new(Tenants.Default, RequestHash.Scope("key", "/v1/x", "k1"), RequestHash.Scope("", "", "body"));

    private IIdempotencyStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    private IRecordingStore Recordings { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => (Store, Recordings) = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Claim_ByManyAtOnce_IsTakenByExactlyOneAndTheOthersLearnWhereItIsRecorded()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Store.ClaimAsync(Request, $"owner-{i % 3}", default)));

        var taken = Assert.Single(claims.OfType<Claim.Taken>());
        Assert.Equal(49, claims.OfType<Claim.Recorded>().Count(claim => claim.Recording == taken.Recording));
    }

    [Fact]
    public async Task Claim_WithAnotherBody_IsRefusedAlsoAfterTheEnd()
    {
        var taken = await TakeAsync("me");
        var other = Request with { Body = RequestHash.Scope("", "", "other") };
        Assert.IsType<Claim.OtherBody>(await Store.ClaimAsync(other, "me", default));
        await EndAsync(taken, "me", RecordingState.Finished);
        Assert.IsType<Claim.OtherBody>(await Store.ClaimAsync(other, "me", default));
    }

    [Fact]
    public async Task Claim_InAnotherScopeOrTenant_IsAnotherRequest()
    {
        await TakeAsync("me");
        Assert.IsType<Claim.Taken>(await Store.ClaimAsync(Request with { Scope = RequestHash.Scope("key", "/v1/x", "k2") }, "me", default));
        Assert.IsType<Claim.Taken>(await Store.ClaimAsync(Request with { Tenant = MigratedDatabase.TenantA }, "me", default));
    }

    [Fact]
    public async Task Claim_OfAFinishedRequest_LeadsToItsRecording()
    {
        var taken = await TakeAsync("me");
        await EndAsync(taken, "me", RecordingState.Finished);
        Assert.Equal(new Claim.Recorded(taken), await Store.ClaimAsync(Request, "me", default));
    }

    [Theory]
    [InlineData(RecordingState.Failed)]
    [InlineData(RecordingState.Abandoned)]
    public async Task Claim_OfARequestThatFailed_IsTakenOverAndItsRecordingStaysForThoseWhoRead(RecordingState end)
    {
        var first = await TakeAsync("me");
        await EndAsync(first, "me", end);
        var second = await TakeAsync("another");
        Assert.NotEqual(first, second);
        Assert.True(await Recordings.ReadAsync(first, 0, default) is { IsLast: true } page && page.State == end);
    }

    [Fact]
    public async Task Claim_OfARequestWhoseOwnerIsSilent_IsTakenOverOnceAndTheOwnerCannotWriteAnyMore()
    {
        var first = await TakeAsync("paused");
        await SilenceAsync(first);

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.ClaimAsync(Request, "awake", default)));

        Assert.Single(claims.OfType<Claim.Taken>());
        Assert.Empty(await Recordings.WriteAsync("paused", [new RecordingBatch(first, 0, [new byte[] { 1 }], RecordingState.Finished)], default));
    }

    [Fact]
    public async Task Claim_AfterTheRecordingWasDeleted_IsTakenAnew()
    {
        var first = await TakeAsync("me");
        await EndAsync(first, "me", RecordingState.Finished);
        await ExpireAsync(first);
        Assert.Equal(1, await Recordings.DeleteExpiredAsync(10, default));
        await TakeAsync("me");
    }

    [Fact]
    public async Task Claim_OfAnOldRequestNotYetDeleted_IsTakenOverWithAnyBody()
    {
        var first = await TakeAsync("me");
        await EndAsync(first, "me", RecordingState.Finished);
        await ExpireAsync(first);
        Assert.IsType<Claim.Taken>(await Store.ClaimAsync(Request with { Body = RequestHash.Scope("", "", "other") }, "me", default));
    }

    /// <summary>Stores that know the tenants <c>default</c> and <see cref="MigratedDatabase.TenantA"/>.</summary>
    protected abstract Task<(IIdempotencyStore, IRecordingStore)> CreateAsync();

    /// <summary>Makes it as if the recording's owner had said nothing for an hour.</summary>
    protected abstract Task SilenceAsync(RecordingKey key);

    /// <summary>Makes the recording's time be over.</summary>
    protected abstract Task ExpireAsync(RecordingKey key);

    private async Task<RecordingKey> TakeAsync(string owner) => Assert.IsType<Claim.Taken>(await Store.ClaimAsync(Request, owner, default)).Recording;

    private Task EndAsync(RecordingKey key, string owner, RecordingState end) => Recordings.WriteAsync(owner, [new RecordingBatch(key, 0, [new byte[] { 1 }], end)], default);
}

public sealed class PostgresIdempotencyStoreTests(TestPostgres postgres) : IdempotencyStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<(IIdempotencyStore, IRecordingStore)> CreateAsync()
    {
        database = await MigratedDatabase.CreateAsync(postgres);
        var options = Options.Create(new RecordingsOptions());
        var recordings = new PostgresRecordingStore(database.Runtime, database.Box, options);
        return (new PostgresIdempotencyStore(database.Runtime, new Recorder(recordings, options, TimeProvider.System), Options.Create(new IdempotencyOptions()), options), recordings);
    }

    protected override Task SilenceAsync(RecordingKey key) => SetAsync("heartbeat_at", key);

    protected override Task ExpireAsync(RecordingKey key) => SetAsync("expires_at", key);

    private Task SetAsync(string column, RecordingKey key) => database!.ScalarAsync($"UPDATE agentsystem.recordings SET {column} = now() - interval '1 hour' WHERE id = '{key.Id}'");
}
