using System.Text.Json;
using AgentSystem.Contracts.Memory;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Memory.Retrieval;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Memory.Postgres;

/// <summary>Memories as rows: intervals, contradictions, versions, forgetting.</summary>
public sealed class MemoryRecordsTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly MemoryScope Mine = new(Tenants.Default, "user:u1", "assistant");
    private static readonly MemoryReach All = new(Tenants.Default, null, null);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private MigratedDatabase database = null!;
    private MemoryHouse house = null!;

    public async ValueTask InitializeAsync() => house = new MemoryHouse(database = await MigratedDatabase.CreateAsync(postgres), time);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Write_AStatement_IsInEveryPlaceItSaysAtOnce()
    {
        var stored = await house.KeepAsync(Mine, "Anna works at Acme in Berlin");
        Assert.Equal(["rows", "graph", "lexical", "vectors"], stored.StoredIn);
        var view = await house.Records.FindAsync(All, stored.Id, default);
        Assert.Equal((stored.StoredIn, 1L, "u1", MemoryTrust.Stated), (view!.StoredIn, view.Version, view.User, view.Trust), Same);
        Assert.Equal(["acme", "anna", "berlin"], view.Entities.Select(static entity => entity.Name.ToLowerInvariant()).Order());
        Assert.Equal("key_1", view.Source.Key);
        Assert.Equal(3L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.memory_edges WHERE relation = 'with'"));
        Assert.Equal(stored.Id, (await SearchAsync("where does Anna work"))[0].Id);
    }

    [Theory]
    [InlineData(MemoryKind.Procedural)]
    [InlineData(MemoryKind.Working)]
    public async Task Write_WhatIsNotEmbedded_HasNoVectorAndIsFoundByItsWords(MemoryKind kind)
    {
        var stored = await house.KeepAsync(Mine, "restart the printer, then wait", kind, thread: "thread_1");
        Assert.Equal(["rows", "lexical"], stored.StoredIn);
        var found = await house.Search.FindAsync(new MemoryQuestion(Mine, "printer restart", 5) { ThreadId = "thread_1" }, default);
        Assert.Equal([stored.Id], found.Data.Select(static hit => hit.Id));
        Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.memory_vectors"));
    }

    [Fact]
    public async Task Write_AContradiction_EndsTheOldInterval_AndAsOfBringsItBack()
    {
        var old = await house.KeepAsync(Mine, "my locker code is 1111");
        var between = time.GetUtcNow().AddMinutes(1);
        time.Advance(TimeSpan.FromMinutes(5));
        var now = await house.KeepAsync(Mine, "my locker code is 2222");
        Assert.Equal([old.Id], now.Superseded);
        Assert.Equal(["my locker code is 2222"], Texts(await SearchAsync("locker code")));
        Assert.Equal(["my locker code is 1111"], Texts(await SearchAsync("locker code", asOf: between)));
        var view = await house.Records.FindAsync(All, old.Id, default);
        Assert.Equal((now.Id, time.GetUtcNow(), 2L), (view!.SupersededBy, view.ValidTo, view.Version));
        Assert.Equal([(1L, (DateTimeOffset?)null)], view.History.Select(static version => (version.Version, version.ValidTo)));
        Assert.Contains("vectors", view.StoredIn);
    }

    [Fact]
    public async Task Write_SaidAgainAfterItWasContradicted_IsTrueOfBothTimes()
    {
        var start = time.GetUtcNow();
        var first = await house.KeepAsync(Mine, "I live in Oslo");
        time.Advance(TimeSpan.FromDays(10));
        await house.KeepAsync(Mine, "I live in Bergen");
        time.Advance(TimeSpan.FromDays(10));
        Assert.Equal(first.Id, (await house.KeepAsync(Mine, "I live in Oslo")).Id);
        Assert.Equal(["I live in Oslo"], Texts(await SearchAsync("where I live")));
        Assert.Equal(["I live in Oslo"], Texts(await SearchAsync("where I live", asOf: start.AddDays(5))));
        Assert.Equal(["I live in Bergen"], Texts(await SearchAsync("where I live", asOf: start.AddDays(15))));
    }

    [Fact]
    public async Task Write_WhatWasSoEarlier_TakesItsPlaceInTheMiddle()
    {
        await house.KeepAsync(Mine, "Anna works at Acme", from: At(2020));
        await house.KeepAsync(Mine, "Anna works at Globex", from: At(2024));
        await house.KeepAsync(Mine, "Anna works at Initech", from: At(2022));
        foreach (var (year, firm) in new[] { (2021, "Acme"), (2023, "Initech"), (2025, "Globex") })
        {
            Assert.Equal([$"Anna works at {firm}"], Texts(await SearchAsync("Anna works", asOf: At(year))));
        }

        Assert.Equal(["Anna works at Globex"], Texts(await SearchAsync("where does Anna work")));
        Assert.Equal(["Anna works at Acme"], Texts(await SearchAsync("where did Anna work in March 2021")));
    }

    [Fact]
    public async Task Write_WhatWasDerived_EndsNothingThatWasStated()
    {
        await house.KeepAsync(Mine, "my locker code is 1111");
        var derived = await house.Records.WriteAsync(Mine, new MemoryDraft(MemoryKind.Semantic, "my locker code is 9999", MemoryTrust.Derived, new MemorySource()), default);
        Assert.Empty(derived.Superseded);
        Assert.Contains("my locker code is 1111", Texts(await SearchAsync("locker code")));
    }

    [Fact]
    public async Task Write_TwoContradictionsAtOnce_LeaveOneThatIsSo()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(number => house.KeepAsync(Mine, $"my locker code is {number}")));
        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.memories WHERE valid_to IS NULL"));
    }

    [Fact]
    public async Task KnownAt_BeforeItWasWritten_KnowsItNot_AndKnowsWhatWasThoughtThen()
    {
        await house.KeepAsync(Mine, "my locker code is 1111");
        var then = time.GetUtcNow().AddMinutes(1);
        time.Advance(TimeSpan.FromMinutes(5));
        await house.KeepAsync(Mine, "my locker code is 2222");
        var found = await house.Search.FindAsync(new MemoryQuestion(Mine, "locker code", 5) { KnownAt = then }, default);
        Assert.Equal(["my locker code is 1111"], found.Data.Select(static hit => hit.Text));
        Assert.Null(found.Data[0].ValidTo);
    }

    [Fact]
    public async Task Change_WithTheVersionSeen_ReplacesAppendsAndMerges()
    {
        var stored = await house.KeepAsync(Mine, "the printer is on floor 2");
        var appended = await house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Append) { Text = "beside Room Rhine", Metadata = Metadata("""{"tags":["a"]}""") }, 1, default);
        Assert.Equal(("the printer is on floor 2 beside Room Rhine", 2L), (appended.Done!.Text, appended.Done.Version));
        Assert.Contains("Room Rhine", appended.Done.Entities.Select(static entity => entity.Name));
        var merged = await house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Merge) { Metadata = Metadata("""{"owner":{"name":"Bo"}}""") }, 2, default);
        Assert.Equal("""{"owner":{"name":"Bo"},"tags":["a"]}""", JsonSerializer.Serialize(new SortedDictionary<string, JsonElement>(merged.Done!.Metadata.ToDictionary())));
        Assert.Equal("version_mismatch", (await house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Replace) { Text = "x" }, 2, default)).Refusal!.Code);
        Assert.Equal("text_not_mergeable", (await house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Merge) { Text = "x" }, null, default)).Refusal!.Code);
        Assert.Equal("metadata_not_appendable", (await house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Append) { Metadata = Metadata("""{"owner":["x"]}""") }, null, default)).Refusal!.Code);
        Assert.Equal([2L, 1L], merged.Done.History.Select(static version => version.Version));
        Assert.Equal(stored.Id, (await SearchAsync("Room Rhine"))[0].Id);
    }

    [Fact]
    public async Task Change_AtOnceUnderOneVersion_SucceedsOnce()
    {
        var stored = await house.KeepAsync(Mine, "the printer is on floor 2");
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Append) { Text = $"{number}" }, 1, default)));
        Assert.Single(verdicts, static verdict => verdict.Done is not null);
    }

    [Fact]
    public async Task Forget_AMemory_LeavesItsTimesAndNoWordOfIt()
    {
        var stored = await house.KeepAsync(Mine, "the quokka sleeps at Marzipan Street 7");
        await house.Records.ChangeAsync(All, stored.Id, new MemoryChange(MemoryStrategy.Append) { Text = "until May" }, null, default);
        Assert.NotEmpty(await SearchAsync("quokka"));
        Assert.True(await house.Records.ForgetAsync(All, stored.Id, default));
        Assert.False(await house.Records.ForgetAsync(All, stored.Id, default));
        var left = await house.Records.FindAsync(All, stored.Id, default);
        Assert.Equal((true, "", 0, 0), (left!.Forgotten, left.Text, left.Entities.Count, left.History.Count));
        Assert.Empty(await SearchAsync("quokka"));
        Assert.Empty(await Traces.OfAsync(database.Source, "quokka", "marzipan"));
        Assert.NotEqual(stored.Id, (await house.KeepAsync(Mine, "the quokka sleeps at Marzipan Street 7")).Id);
    }

    [Fact]
    public async Task Reach_OfAnotherTenantUserOrAgent_MeetsNothing()
    {
        var stored = await house.KeepAsync(Mine, "my locker code is 1111");
        foreach (var reach in new[] { new MemoryReach("tenant-a", null, null), new MemoryReach(Tenants.Default, "user:u2", null), new MemoryReach(Tenants.Default, null, ["other"]) })
        {
            Assert.Null(await house.Records.FindAsync(reach, stored.Id, default));
            Assert.Equal(404, (await house.Records.ChangeAsync(reach, stored.Id, new MemoryChange(MemoryStrategy.Replace) { Text = "x" }, null, default)).Refusal!.Status);
            Assert.False(await house.Records.ForgetAsync(reach, stored.Id, default));
            Assert.Empty(await house.Records.ListAsync(reach, new MemoryFilter(null, null, null, null, null, null, 10), default));
        }
    }

    [Fact]
    public async Task List_AsOf_ShowsWhatWasSo()
    {
        await house.KeepAsync(Mine, "Anna works at Acme", from: At(2020));
        await house.KeepAsync(Mine, "Anna works at Globex", from: At(2024));
        var then = await house.Records.ListAsync(All, new MemoryFilter("assistant", "user:u1", MemoryKind.Semantic, null, At(2021), null, 10), default);
        Assert.Equal(["Anna works at Acme"], then.Select(static memory => memory.Text));
        Assert.Equal(2, (await house.Records.ListAsync(All, new MemoryFilter(null, null, null, null, null, null, 10), default)).Count);
    }

    [Fact]
    public async Task Graph_OfAScope_HasThingsAndGivenRelations()
    {
        await house.Records.WriteAsync(
            Mine, new MemoryDraft(MemoryKind.Semantic, "Anna reports to Bo", MemoryTrust.Stated, new MemorySource()) { Relations = [new MemoryRelation("Anna", "reports_to", "Bo")] }, default);
        var graph = await house.Records.GraphAsync(Mine, time.GetUtcNow(), 10, default);
        Assert.Equal(["anna", "bo"], graph.Nodes.Select(static node => node.Id).Order());
        Assert.Contains(new MemoryLink("anna", "reports_to", "bo", 1), graph.Links);
    }

    private static DateTimeOffset At(int year) => new(year, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static Dictionary<string, JsonElement> Metadata(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;

    private static IEnumerable<string> Texts(IReadOnlyList<MemoryHit> hits) => hits.Select(static hit => hit.Text);

    private static bool Same((IReadOnlyList<string> In, long, string, MemoryTrust) one, (IReadOnlyList<string> In, long, string, MemoryTrust) other) =>
        one.In.SequenceEqual(other.In) && (one.Item2, one.Item3, one.Item4) == (other.Item2, other.Item3, other.Item4);

    private async Task<IReadOnlyList<MemoryHit>> SearchAsync(string query, DateTimeOffset? asOf = null) =>
        (await house.Search.FindAsync(new MemoryQuestion(Mine, query, 5) { AsOf = asOf }, default)).Data;
}
