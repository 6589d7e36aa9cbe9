using System.Text;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Responses.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IResponseStore"/> keeps to.</summary>
public abstract class ResponseStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);
    private static readonly ResponseScope Mine = new(Tenants.Default, "key-1", null);
    private static readonly ResponseEnd Whole = new(ResponseStatus.Completed, """[{"type":"message"}]""", """{"usage":null}""", Now.AddSeconds(1));

    private IResponseStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Find_WhatWasAdded_GivesItAsItWas()
    {
        var response = Response("resp_1") with { PreviousId = "resp_0", Request = """{"b":1,"a":"\u00fc \\u0000"}""", Status = ResponseStatus.Completed, CompletedAt = Now };
        await Store.AddAsync(response, "me", default);

        Assert.Equal(response, await Store.FindAsync(Mine, response.Id, default));
    }

    [Fact]
    public async Task Find_ByScope_MeetsOwnKeysTheUsersAndAllTheTenantsOnly()
    {
        await Store.AddAsync(Response("resp_1") with { KeyId = "key-2", Status = ResponseStatus.Completed }, "me", default);

        Assert.Null(await Store.FindAsync(Mine, "resp_1", default));
        Assert.Null(await Store.FindAsync(Mine with { User = "user:bob" }, "resp_1", default));
        Assert.NotNull(await Store.FindAsync(Mine with { User = "user:ada" }, "resp_1", default));
        Assert.NotNull(await Store.FindAsync(Mine with { KeyId = null }, "resp_1", default));
        Assert.Null(await Store.FindAsync(new ResponseScope(MigratedDatabase.TenantA, null, null), "resp_1", default));
        Assert.False(await Store.DeleteAsync(Mine, "resp_1", default));
        Assert.Null(await Store.CancelAsync(Mine, "resp_1", default));
        Assert.Null(await Store.ChainAsync(Mine, "resp_1", 10, default));
    }

    [Fact]
    public async Task Find_OneWhoseMakerIsSilent_HasFailedFromThenOnAndItsRecordingIsOver()
    {
        await Store.AddAsync(Response("resp_1") with { Recording = "rec_1" }, "me", default);
        Assert.Equal(ResponseStatus.InProgress, (await Store.FindAsync(Mine, "resp_1", default))!.Status);
        await SilenceAsync("rec_1");

        var lost = await Store.FindAsync(Mine, "resp_1", default);

        Assert.Equal((ResponseStatus.Failed, LostResponse.Result), (lost!.Status, lost.Result));
        Assert.False(await Store.EndAsync(Tenants.Default, "resp_1", Whole, default));
        Assert.True((await Recordings.ReadAsync(new RecordingKey(Tenants.Default, "rec_1"), 0, default))!.State == RecordingState.Abandoned);
    }

    [Fact]
    public async Task End_Twice_ChangesNothingTheSecondTime()
    {
        await Store.AddAsync(Response("resp_1") with { Recording = "rec_1" }, "me", default);

        Assert.True(await Store.EndAsync(Tenants.Default, "resp_1", Whole, default));
        Assert.False(await Store.EndAsync(Tenants.Default, "resp_1", Whole with { Status = ResponseStatus.Failed, Output = "[]" }, default));
        Assert.False(await Store.EndAsync(MigratedDatabase.TenantA, "resp_1", Whole, default));
        var ended = await Store.FindAsync(Mine, "resp_1", default);
        Assert.Equal((Whole.Status, Whole.Output, Whole.At), (ended!.Status, ended.Output, ended.CompletedAt));
    }

    [Fact]
    public async Task Chain_OfFour_GivesTheOldestFirstAndStopsAtTheMost()
    {
        for (var i = 1; i <= 4; i++)
        {
            await Store.AddAsync(Response($"resp_{i}") with { PreviousId = i == 1 ? null : $"resp_{i - 1}", Status = ResponseStatus.Completed }, "me", default);
        }

        Assert.Equal(["resp_1", "resp_2", "resp_3", "resp_4"], (await Store.ChainAsync(Mine, "resp_4", 10, default))!.Select(one => one.Id));
        Assert.Equal(["resp_2", "resp_3"], (await Store.ChainAsync(Mine, "resp_3", 2, default))!.Select(one => one.Id));
        await Store.DeleteAsync(Mine, "resp_2", default);
        Assert.Equal(["resp_3", "resp_4"], (await Store.ChainAsync(Mine, "resp_4", 10, default))!.Select(one => one.Id));
    }

    [Fact]
    public async Task List_TheNewestFirst_InPagesOfWhatTheScopeSees()
    {
        for (var i = 1; i <= 5; i++)
        {
            await Store.AddAsync(
                Response($"resp_{i}") with { CreatedAt = Now.AddSeconds(i / 2), KeyId = i == 2 ? "key-2" : "key-1", Status = i == 3 ? ResponseStatus.Failed : ResponseStatus.Completed, Input = $$"""[{"n":{{i}}}]""" }, "me", default);
        }

        var first = await Store.ListAsync(Mine, new ResponseQuery(2, null), default);
        var second = await Store.ListAsync(Mine, new ResponseQuery(9, (first[1].CreatedAt, first[1].Id)), default);

        Assert.Equal(["resp_5", "resp_4"], first.Select(one => one.Id));
        Assert.Equal(["resp_3", "resp_1"], second.Select(one => one.Id));
        Assert.Equal("""[{"n":5}]""", first[0].Input);
        Assert.Equal(["resp_3"], (await Store.ListAsync(Mine, new ResponseQuery(9, null) { Status = ResponseStatus.Failed }, default)).Select(one => one.Id));
        Assert.Equal(5, (await Store.ListAsync(Mine with { KeyId = null }, new ResponseQuery(9, null), default)).Count);
        Assert.Empty(await Store.ListAsync(new ResponseScope(MigratedDatabase.TenantA, null, null), new ResponseQuery(9, null), default));
    }

    [Fact]
    public async Task List_OfAnInputThatIsLong_LeavesItOut()
    {
        await Store.AddAsync(Response("resp_1") with { Status = ResponseStatus.Completed, Input = $$"""["{{new string('x', ResponseQuery.LongestInput)}}"]""", Output = "[1]" }, "me", default);

        var listed = Assert.Single(await Store.ListAsync(Mine, new ResponseQuery(9, null), default));

        Assert.Equal(("[]", "[]", "{}"), (listed.Input, listed.Output, listed.Result));
    }

    [Fact]
    public async Task Cancel_OneInTheForeground_LeavesItAsItIs()
    {
        await Store.AddAsync(Response("resp_1") with { Recording = "rec_1" }, "me", default);
        Assert.Equal(ResponseStatus.InProgress, (await Store.CancelAsync(Mine, "resp_1", default))!.Status);
    }

    [Fact]
    public async Task Delete_ThereIsNoneAnyMore_AndItsEventsAreGone()
    {
        await Store.AddAsync(Response("resp_1") with { Recording = "rec_1" }, "me", default);
        await Recordings.WriteAsync("me", [new RecordingBatch(new RecordingKey(Tenants.Default, "rec_1"), 0, [Encoding.UTF8.GetBytes("a")], null)], default);

        Assert.True(await Store.DeleteAsync(Mine, "resp_1", default));
        Assert.False(await Store.DeleteAsync(Mine, "resp_1", default));
        Assert.Null(await Store.FindAsync(Mine, "resp_1", default));
        Assert.Null(await Recordings.ReadAsync(new RecordingKey(Tenants.Default, "rec_1"), 0, default));
    }

    [Fact]
    public async Task DeleteExpired_WhatIsOldGoes_AndNothingElse()
    {
        await Store.AddAsync(Response("resp_old") with { CreatedAt = DateTimeOffset.UnixEpoch, Status = ResponseStatus.Completed }, "me", default);
        await Store.AddAsync(Response("resp_new") with { CreatedAt = DateTimeOffset.MaxValue.AddYears(-100), Status = ResponseStatus.Completed }, "me", default);

        Assert.Equal(1, await Store.DeleteExpiredAsync(10, default));
        Assert.Null(await Store.FindAsync(Mine, "resp_old", default));
        Assert.NotNull(await Store.FindAsync(Mine, "resp_new", default));
    }

    /// <summary>The recordings the store keeps beside its responses.</summary>
    protected abstract IRecordingStore Recordings { get; }

    /// <summary>A store that knows the tenants <c>default</c> and <see cref="MigratedDatabase.TenantA"/>.</summary>
    protected abstract Task<IResponseStore> CreateAsync();

    /// <summary>Makes it as if a recording's owner had said nothing for an hour.</summary>
    protected abstract Task SilenceAsync(string recording);

    private static StoredResponse Response(string id) =>
        new(Tenants.Default, id, "key-1", "user:ada", null, null, false, ResponseStatus.InProgress, """{"model":"m"}""", "[]", "[]", """{"error":null}""", Now, null);
}

public sealed class PostgresResponseStoreTests(TestPostgres postgres) : ResponseStoreConformance
{
    private MigratedDatabase? database;

    protected override IRecordingStore Recordings => new PostgresRecordingStore(database!.Runtime, database.Box, Options.Create(new RecordingsOptions()));

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IResponseStore> CreateAsync() =>
        new PostgresResponseStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime, database.Box, Options.Create(new ResponsesOptions()), Options.Create(new RecordingsOptions()), TimeProvider.System);

    protected override Task SilenceAsync(string recording) =>
        database!.ScalarAsync($"UPDATE agentsystem.recordings SET heartbeat_at = now() - interval '1 hour' WHERE id = '{recording}'");
}
