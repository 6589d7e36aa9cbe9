using System.Text.Json;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Sessions;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="ISessionStore"/> keeps to.</summary>
public abstract class SessionStoreConformance : IAsyncLifetime
{
    private static readonly SessionName Name = new("assistant", "s");
    private static readonly SessionScope Everybody = new(MigratedDatabase.TenantA, null);

    private ISessionStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Change_SeveralKeys_AreKeptTogetherUnderOneVersion()
    {
        var first = await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1"), Changes.Merge("b", """{"x":1}"""), Changes.Append("c", "[1]")));
        var second = await ChangeAsync(Changes.Of(Name, Changes.Merge("b", """{"y":{"z":2}}"""), Changes.Append("c", "[2,3]"), Changes.Replace("a", "null")));

        Assert.Equal((1, 2), (first.Done!.Version, second.Done!.Version));
        var view = await ReadAsync();
        Assert.Equal("""{"a":null,"b":{"x": 1, "y": {"z": 2}},"c":[1, 2, 3]}""", Text(view));
        Assert.All(view.Keys, key => Assert.Equal(2, key.Version));
    }

    [Fact]
    public async Task Change_OneOfItsUpdatesDoesNotFit_KeepsNone()
    {
        await ChangeAsync(Changes.Of(Name, Changes.Replace("list", "[]")));
        var refused = await ChangeAsync(Changes.Of(Name, Changes.Replace("other", "1"), Changes.Merge("list", "{}")));

        Assert.Equal((422, "updates[1].value"), (refused.Refusal!.Status, refused.Refusal.Member));
        var view = await ReadAsync();
        Assert.Equal((1, """{"list":[]}"""), (view.Version, Text(view)));
    }

    [Fact]
    public async Task Change_AtAnotherVersion_IsRefusedWithTheCurrentOne()
    {
        await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1")));
        await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "2")) with { Match = new SessionMatch(1) });
        var lost = await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "3")) with { Match = new SessionMatch(1) });

        Assert.Equal((412, 2), (lost.Refusal!.Status, lost.Refusal.Version));
        Assert.Equal("""{"a":2}""", Text(await ReadAsync()));
    }

    [Fact]
    public async Task Change_WhatMustBeThereOrNot_IsHeldToIt()
    {
        Assert.Equal(412, (await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1")) with { Match = new SessionMatch(null) })).Refusal!.Status);
        Assert.Null((await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1")) with { Match = new SessionMatch(0) })).Refusal);
        Assert.Equal(412, (await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1")) with { Match = new SessionMatch(0) })).Refusal!.Status);
        Assert.Null((await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1")) with { Match = new SessionMatch(null) })).Refusal);
    }

    [Fact]
    public async Task Change_ManyAtOnceAtTheSameVersion_LetsExactlyOneThrough()
    {
        await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "0")));
        var verdicts = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => ChangeAsync(Changes.Of(Name, Changes.Replace("a", $"{i}")) with { Match = new SessionMatch(1) })));

        Assert.Single(verdicts, verdict => verdict.Done is { Version: 2 });
        Assert.Equal(39, verdicts.Count(verdict => verdict.Refusal is { Status: 412, Version: 2 }));
    }

    [Fact]
    public async Task Change_ManyAppendsToManySessions_LosesNoneAndGivesEveryVersionOnce()
    {
        var names = Enumerable.Range(0, 20).Select(i => new SessionName("assistant", $"s{i}")).ToList();
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => ChangeAsync(Changes.Of(names[i % 20], Changes.Append("list", $"[{i}]")))));

        foreach (var (name, place) in names.Select((name, place) => (name, place)))
        {
            var view = (await Store.ReadAsync(Everybody, name, new SessionRead(), default))!;
            Assert.Equal(20, view.Version);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => place + (20 * i)), view.State["list"].EnumerateArray().Select(item => item.GetInt32()).Order());
        }

        Assert.All(verdicts.GroupBy(verdict => verdict.Done!.Version), version => Assert.Equal(20, version.Count()));
    }

    [Fact]
    public async Task Change_OneAfterTheOtherByOneCaller_KeepsTheirOrder()
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(ChangeAsync(Changes.Of(Name, Changes.Append("mine", $"[{i}]"))), ChangeAsync(Changes.Of(Name, Changes.Append("theirs", "[0]"))));
        }

        Assert.Equal(Enumerable.Range(0, 20), (await ReadAsync()).State["mine"].EnumerateArray().Select(item => item.GetInt32()));
    }

    [Fact]
    public async Task Change_TheSameRequestAgain_GetsTheFirstAnswerAndChangesNothing()
    {
        var request = new RepeatedRequest("request", [1]);
        var first = await ChangeAsync(Changes.Of(Name, Changes.Append("list", "[1]")) with { Request = request });
        var again = await ChangeAsync(Changes.Of(Name, Changes.Append("list", "[1]")) with { Request = request });
        var other = await ChangeAsync(Changes.Of(Name, Changes.Append("list", "[2]")) with { Request = request with { Body = [2] } });

        Assert.Equal((first.Done!.TransactionId, first.Done.Version, true), (again.Done!.TransactionId, again.Done.Version, again.Replayed));
        Assert.Equal(422, other.Refusal!.Status);
        Assert.Equal("""{"list":[1]}""", Text(await ReadAsync()));
    }

    [Fact]
    public async Task Change_TheSameRequestManyTimesAtOnce_IsMadeOnce()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ChangeAsync(Changes.Of(Name, Changes.Append("list", "[1]")) with { Request = new RepeatedRequest("request", [1]) })));

        Assert.All(verdicts, verdict => Assert.Equal(1, verdict.Done!.Version));
        Assert.Single(verdicts, verdict => !verdict.Replayed);
        Assert.Equal("""{"list":[1]}""", Text(await ReadAsync()));
    }

    [Fact]
    public async Task Change_RemovedKeyAndDeletedSession_AreGoneAndVersionsGoOn()
    {
        await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1"), Changes.Replace("b", "2")));
        Assert.Equal(2, (await ChangeAsync(Changes.Of(Name, Changes.Remove("a")))).Done!.Version);
        Assert.Equal("""{"b":2}""", Text(await ReadAsync()));
        Assert.Equal("key_not_found", (await ChangeAsync(Changes.Of(Name, Changes.Remove("a")))).Refusal!.Code);
        Assert.Equal(3, (await ChangeAsync(Changes.Of(Name))).Done!.Version);
        Assert.Null(await Store.ReadAsync(Everybody, Name, new SessionRead(), default));
        Assert.Equal(404, (await ChangeAsync(Changes.Of(Name))).Refusal!.Status);
        Assert.Equal(412, (await ChangeAsync(Changes.Of(Name, Changes.Replace("c", "3")) with { Match = new SessionMatch(3) })).Refusal!.Status);
        Assert.Equal(4, (await ChangeAsync(Changes.Of(Name, Changes.Replace("c", "3")))).Done!.Version);
        Assert.Equal("""{"c":3}""", Text(await ReadAsync()));
    }

    [Fact]
    public async Task Session_OfAnotherUserOrTenant_DoesNotExist()
    {
        await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "1")));
        var stranger = new SessionScope(MigratedDatabase.TenantA, "user:stranger");
        Assert.Null(await Store.ReadAsync(stranger, Name, new SessionRead(), default));
        Assert.Empty(await Store.ListAsync(stranger, new SessionQuery(null, null, null, 10), default));
        Assert.Equal(404, (await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "2")) with { Scope = stranger })).Refusal!.Status);
        Assert.Equal(404, (await Store.AcceptAsync(Changes.Of(Name, Changes.Replace("a", "2")) with { Scope = stranger }, default)).Refusal!.Status);

        var elsewhere = new SessionScope(MigratedDatabase.TenantB, null);
        Assert.Null(await Store.ReadAsync(elsewhere, Name, new SessionRead(), default));
        Assert.Equal(1, (await ChangeAsync(Changes.Of(Name, Changes.Replace("a", "9")) with { Scope = elsewhere })).Done!.Version);
        Assert.Equal("""{"a":1}""", Text(await ReadAsync()));
    }

    [Fact]
    public async Task List_Sessions_ComesByNameInPages()
    {
        foreach (var name in new[] { new SessionName("b", "1"), new SessionName("a", "2"), new SessionName("a", "1") })
        {
            await ChangeAsync(Changes.Of(name, Changes.Replace("k", "1")));
        }

        var page = await Store.ListAsync(Everybody, new SessionQuery(null, null, null, 2), default);
        Assert.Equal([("a", "1"), ("a", "2")], page.Select(row => (row.Agent, row.Session)));
        Assert.Equal([("b", "1")], (await Store.ListAsync(Everybody, new SessionQuery(null, null, new SessionName("a", "2"), 2), default)).Select(row => (row.Agent, row.Session)));
        Assert.Equal([("a", "2")], (await Store.ListAsync(Everybody, new SessionQuery("a", "2", null, 2), default)).Select(row => (row.Agent, row.Session)));
    }

    [Fact]
    public async Task Accept_ThenReadWithItsToken_SeesIt()
    {
        var accepted = await Store.AcceptAsync(Changes.Of(Name, Changes.Append("list", "[1]")), default);
        var again = await Store.AcceptAsync(Changes.Of(Name, Changes.Append("list", "[2]")), default);

        Assert.Equal((0, StateConsistency.Eventual), (accepted.Done!.AppliedReplicas, accepted.Done.Consistency));
        var view = (await Store.ReadAsync(Everybody, Name, new SessionRead(Token: long.Parse(again.Done!.Token!)), default))!;
        Assert.Equal("""{"list":[1, 2]}""", Text(view));
    }

    [Fact]
    public async Task Accept_TheSameRequestManyTimes_IsAcceptedOnce()
    {
        var request = new RepeatedRequest("request", [1]);
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Store.AcceptAsync(Changes.Of(Name, Changes.Append("list", "[1]")) with { Request = request }, default)));
        var other = await Store.AcceptAsync(Changes.Of(Name, Changes.Append("list", "[2]")) with { Request = request with { Body = [2] } }, default);

        Assert.Single(verdicts.Select(verdict => verdict.Done!.Token).Distinct());
        Assert.Equal(422, other.Refusal!.Status);
        Assert.Equal("""{"list":[1]}""", Text((await Store.ReadAsync(Everybody, Name, new SessionRead(Token: 0), default))!));
    }

    [Fact]
    public async Task Accept_ManyAtOnce_AreAllAppliedOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Store.AcceptAsync(Changes.Of(Name, Changes.Append("list", $"[{i}]")), default)));
        var views = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.ReadAsync(Everybody, Name, new SessionRead(Token: 1), default)));

        Assert.All(views, view => Assert.Equal(Enumerable.Range(0, 200), view!.State["list"].EnumerateArray().Select(item => item.GetInt32()).Order()));
    }

    protected abstract Task<ISessionStore> CreateAsync();

    private static string Text(SessionView view) => "{" + string.Join(",", view.State.Select(pair => $"{JsonSerializer.Serialize(pair.Key)}:{pair.Value.GetRawText()}")) + "}";

    private Task<SessionVerdict> ChangeAsync(SessionChange change) => Store.ChangeAsync(change, default);

    private async Task<SessionView> ReadAsync() => (await Store.ReadAsync(Everybody, Name, new SessionRead(), default))!;
}

public sealed class PostgresSessionStoreTests(TestPostgres postgres) : SessionStoreConformance
{
    private SessionsOnPostgres? sessions;

    public override ValueTask DisposeAsync() => sessions?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<ISessionStore> CreateAsync() => (sessions = await SessionsOnPostgres.CreateAsync(postgres)).Store;
}
