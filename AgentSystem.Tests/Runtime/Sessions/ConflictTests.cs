using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Sessions;

/// <summary>Two writers, one key: who is right, and that nothing that was acknowledged vanishes in silence.</summary>
public sealed class ConflictTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly SessionName Name = new("assistant", "s");
    private static readonly SessionScope Everybody = new(MigratedDatabase.TenantA, null);

    private SessionsOnPostgres Sessions { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => Sessions = await SessionsOnPostgres.CreateAsync(postgres, ("AgentPriority", "planner, assistant"));

    public ValueTask DisposeAsync() => Sessions.DisposeAsync();

    [Fact]
    public async Task Timestamp_AnEventualUpdateOlderThanAStrongOne_LosesAndIsKeptAside()
    {
        await AcceptAsync(Changes.Replace("k", "\"eventual\""));
        await ChangeByOtherAsync(Changes.Replace("k", "\"strong\""));

        Assert.Equal("\"strong\"", await ValueAsync());
        var aside = Assert.Single(await ListAsync(open: false));
        Assert.Equal(("\"eventual\"", "\"strong\"", "current", "rule"), (aside.Incoming.GetRawText(), aside.Current!.Value.GetRawText(), aside.Kept, aside.ResolvedBy));
    }

    [Fact]
    public async Task Timestamp_AnEventualUpdateLaterThanAStrongOneItHasNotSeen_Wins()
    {
        await ChangeByOtherAsync(Changes.Replace("k", "1"));
        await ChangeByOtherAsync(Changes.Replace("k", "2"));
        await AcceptAsync(Changes.Replace("k", "3"), new SessionMatch(1));

        Assert.Equal("3", await ValueAsync());
        Assert.Equal(("2", "incoming"), Assert.Single(await ListAsync(open: false)) is var aside ? (aside.Current!.Value.GetRawText(), aside.Kept) : default);
    }

    [Fact]
    public async Task Timestamp_ObjectsThatDisagreeInPart_KeepWhatOnlyOneOfThemHas()
    {
        await ChangeByOtherAsync(Changes.Replace("k", """{"a":0}"""));
        await AcceptAsync(Changes.Merge("k", """{"a":1,"mine":1}"""));
        await ChangeByOtherAsync(Changes.Merge("k", """{"a":2,"theirs":2}"""));

        Assert.Equal("""{"a": 2, "mine": 1, "theirs": 2}""", await ValueAsync());
    }

    [Fact]
    public async Task Update_ThatOnlyAdds_IsNoConflict()
    {
        await ChangeByOtherAsync(Changes.Replace("k", """{"a":0}"""), Changes.Replace("list", "[1]"));
        await AcceptAsync(Changes.Merge("k", """{"mine":1}"""));
        await AcceptAsync(Changes.Append("list", "[2]"));
        await ChangeByOtherAsync(Changes.Merge("k", """{"theirs":2}"""), Changes.Append("list", "[3]"));

        Assert.Equal("""{"a": 0, "mine": 1, "theirs": 2}""", await ValueAsync());
        Assert.Equal("[1, 3, 2]", await ValueAsync("list"));
        Assert.Empty(await ListAsync(open: null));
    }

    [Fact]
    public async Task Update_OnTopOfOnesOwn_IsNoConflict()
    {
        await AcceptAsync(Changes.Replace("k", "1"));
        await AcceptAsync(Changes.Replace("k", "2"));

        Assert.Equal("2", await ValueAsync());
        Assert.Empty(await ListAsync(open: null));
    }

    [Fact]
    public async Task Update_ThatOnesOwnStrongOneOvertook_DoesNotTakeItBack()
    {
        await AcceptAsync(Changes.Replace("k", "1"));
        await Sessions.Store.ChangeAsync(Changes.Of(Name, Changes.Replace("k", "2")), default);

        Assert.Equal("2", await ValueAsync());
    }

    [Theory]
    [InlineData("planner", "helper", "incoming")]
    [InlineData("helper", "planner", "current")]
    [InlineData("assistant", "planner", "current")]
    [InlineData("stranger", "helper", "incoming")]
    public async Task AgentPriority_TheOneNamedFirst_IsRight(string incoming, string there, string kept)
    {
        await ChangeByOtherAsync(Changes.Replace("k", "0"));
        await Sessions.Store.ChangeAsync(Changes.Of(Name, Changes.Replace("k", "\"there\"")) with { Writer = Changes.Other with { Agent = there } }, default);
        var done = (await Sessions.Store.ChangeAsync(
            Changes.Of(Name, Changes.Replace("k", "\"incoming\"")) with { Writer = Changes.Me with { Agent = incoming }, Match = new SessionMatch(1), Rule = ConflictRule.AgentPriority }, default)).Done!;

        Assert.Equal(kept, Assert.Single(done.Conflicts).Kept);
        Assert.Equal(kept == "incoming" ? "\"incoming\"" : "\"there\"", await ValueAsync());
    }

    [Fact]
    public async Task SemanticMerge_OfTwoValues_HasBoth()
    {
        await ChangeByOtherAsync(Changes.Replace("k", """{"list":["a"]}"""));
        await ChangeByOtherAsync(Changes.Replace("k", """{"list":["a","b"],"n":1}"""));
        var done = (await Sessions.Store.ChangeAsync(Changes.Of(Name, Changes.Replace("k", """{"list":["c","a"],"n":2}""")) with { Match = new SessionMatch(1), Rule = ConflictRule.SemanticMerge }, default)).Done!;

        Assert.Equal(("merged", 3), (Assert.Single(done.Conflicts).Kept, done.Version));
        Assert.Equal("""{"n": 2, "list": ["a", "b", "c"]}""", await ValueAsync());
    }

    [Theory]
    [InlineData("current", null, "\"there\"")]
    [InlineData("incoming", null, "\"incoming\"")]
    [InlineData("value", "\"agreed\"", "\"agreed\"")]
    public async Task Human_BothValues_StayReadableUntilAPersonDecidesAndAfter(string choice, string? value, string expected)
    {
        var id = await DisagreeAsync();
        Assert.Equal("\"there\"", await ValueAsync());
        Assert.Equal([id], (await ReadAsync()).Keys.Single().Conflicts);

        var decided = await Sessions.Conflicts.ResolveAsync(Everybody, id, new ConflictChoice(choice, value, "key_boss", null), default);

        Assert.Equal(("resolved", "key_boss", choice), (decided.Done!.Status, decided.Done.ResolvedBy, decided.Done.Kept));
        Assert.Equal(expected, await ValueAsync());
        Assert.Empty((await ReadAsync()).Keys.Single().Conflicts);
        var after = (await Sessions.Conflicts.FindAsync(Everybody, id, default))!;
        Assert.Equal(("\"there\"", "\"incoming\""), (after.Current!.Value.GetRawText(), after.Incoming.GetRawText()));
    }

    [Fact]
    public async Task Human_DecidedTwiceAtOnce_CountsOnce()
    {
        var id = await DisagreeAsync();
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Sessions.Conflicts.ResolveAsync(Everybody, id, new ConflictChoice("value", $"{i}", "key_boss", null), default)));

        Assert.Single(verdicts, verdict => verdict.Done is not null);
        Assert.Equal(5, verdicts.Count(verdict => verdict.Refusal?.Code == "conflict_resolved"));
    }

    [Fact]
    public async Task Human_DecidedOnAnOldView_IsRefused()
    {
        var id = await DisagreeAsync();
        var seen = (await ReadAsync()).Version;
        await ChangeByOtherAsync(Changes.Replace("k", "\"newer\""));

        Assert.Equal(412, (await Sessions.Conflicts.ResolveAsync(Everybody, id, new ConflictChoice("incoming", null, "key_boss", new SessionMatch(seen)), default)).Refusal!.Status);
        Assert.Equal(412, (await Sessions.Conflicts.ResolveAsync(Everybody, id, new ConflictChoice("current", null, "key_boss", new SessionMatch(seen)), default)).Refusal!.Status);
        Assert.Equal("open", (await Sessions.Conflicts.FindAsync(Everybody, id, default))!.Status);
    }

    [Fact]
    public async Task Human_OfAnotherUserOrTenant_DoesNotExist()
    {
        var id = await DisagreeAsync();
        Assert.Null(await Sessions.Conflicts.FindAsync(new SessionScope(MigratedDatabase.TenantB, null), id, default));
        Assert.Null(await Sessions.Conflicts.FindAsync(new SessionScope(MigratedDatabase.TenantA, "user:stranger"), id, default));
        Assert.NotNull(await Sessions.Conflicts.FindAsync(new SessionScope(MigratedDatabase.TenantA, "user:me"), id, default));
    }

    [Fact]
    public async Task Eventual_WhatCannotBeAppliedAnyMore_WaitsForAPerson()
    {
        await AcceptAsync(Changes.Merge("k", """{"a":1}"""));
        await ChangeByOtherAsync(Changes.Replace("k", "\"a text now\""));

        Assert.Equal("\"a text now\"", await ValueAsync());
        var open = Assert.Single(await ListAsync(open: true));
        Assert.Equal(("misfit", """{"a": 1}"""), (open.Reason, open.Incoming.GetRawText()));
        await Sessions.Conflicts.ResolveAsync(Everybody, open.Id, new ConflictChoice("incoming", null, "key_boss", null), default);
        Assert.Equal("""{"a": 1}""", await ValueAsync());
    }

    [Fact]
    public async Task List_ManyConflicts_ComesNewestFirstInPages()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await DisagreeAsync());
        }

        var page = await Sessions.Conflicts.ListAsync(Everybody, new ConflictQuery(true, "assistant", null, 2), default);
        Assert.Equal([ids[2], ids[1]], page.Select(conflict => conflict.Id));
        Assert.Equal([ids[0]], (await Sessions.Conflicts.ListAsync(Everybody, new ConflictQuery(true, null, ids[1], 2), default)).Select(conflict => conflict.Id));
        Assert.Empty(await Sessions.Conflicts.ListAsync(Everybody, new ConflictQuery(true, "planner", null, 2), default));
    }

    /// <summary>Makes a conflict for a person and gives its id.</summary>
    private async Task<string> DisagreeAsync()
    {
        await ChangeByOtherAsync(Changes.Replace("k", "0"));
        var seen = (await ReadAsync()).Version;
        await ChangeByOtherAsync(Changes.Replace("k", "\"there\""));
        var done = (await Sessions.Store.ChangeAsync(Changes.Of(Name, Changes.Replace("k", "\"incoming\"")) with { Match = new SessionMatch(seen), Rule = ConflictRule.Human }, default)).Done!;
        return Assert.Single(done.Conflicts).Id!;
    }

    private async Task AcceptAsync(KeyChange key, SessionMatch? match = null) =>
        Assert.Null((await Sessions.Store.AcceptAsync(Changes.Of(Name, key) with { Match = match }, default)).Refusal);

    private async Task ChangeByOtherAsync(params IReadOnlyList<KeyChange> keys) =>
        Assert.Null((await Sessions.Store.ChangeAsync(Changes.Of(Name, keys) with { Writer = Changes.Other }, default)).Refusal);

    private Task<IReadOnlyList<ConflictView>> ListAsync(bool? open) => Sessions.Conflicts.ListAsync(Everybody, new ConflictQuery(open, null, null, 100), default);

    private async Task<SessionView> ReadAsync() => (await Sessions.Store.ReadAsync(Everybody, Name, new SessionRead(Token: 0), default))!;

    private async Task<string> ValueAsync(string key = "k") => (await ReadAsync()).State[key].GetRawText();
}
