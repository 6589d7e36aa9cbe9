using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IAuditStore"/> keeps to.</summary>
public abstract class AuditStoreConformance : IAsyncLifetime
{
    private readonly AuditSeal seal = new(new RootKey("a-root-key-for-tests-0123456789-0123456789"));

    private IAuditStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Find_AKeptEntry_GivesItBackToItsTenantOnly()
    {
        var entry = Entry(1);
        await Store.AppendAsync([entry], default);

        Assert.Equivalent(entry, await Store.FindAsync(Tenants.Default, "s1", 1, default), strict: true);
        Assert.Null(await Store.FindAsync(MigratedDatabase.TenantA, "s1", 1, default));
        Assert.Null(await Store.FindAsync(Tenants.Default, "s1", 2, default));
    }

    [Fact]
    public async Task Last_OfAStream_IsItsLastWhoeverOwnsIt()
    {
        await Store.AppendAsync([Entry(1), Entry(2, MigratedDatabase.TenantA)], default);

        Assert.Equal(2, (await Store.LastAsync("s1", default))!.Value.Sequence);
        Assert.Null(await Store.LastAsync("s2", default));
    }

    [Fact]
    public async Task Append_AnEntryInAnothersPlace_KeepsNoneOfThem()
    {
        await Store.AppendAsync([Entry(1)], default);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Store.AppendAsync([Entry(2), Entry(1)], default));
        Assert.Null(await Store.FindAsync(Tenants.Default, "s1", 2, default));
    }

    [Fact]
    public async Task List_OfATenant_IsNewestFirstAndGoesOnBehindAnId()
    {
        await Store.AppendAsync([.. Enumerable.Range(1, 5).Select(static i => Entry(i)), Entry(6, MigratedDatabase.TenantA)], default);

        Assert.Equal(["s1-5", "s1-4"], (await Store.ListAsync(Tenants.Default, new AuditQuery(), null, 2, default)).Select(static entry => entry.Id));
        Assert.Equal(["s1-3", "s1-2", "s1-1"], (await Store.ListAsync(Tenants.Default, new AuditQuery(), "s1-4", 10, default)).Select(static entry => entry.Id));
    }

    [Fact]
    public async Task List_WithAFilter_GivesWhatMatches()
    {
        var sealedActor = AuditSeal.Seal(Tenants.Default, "subject", "anna", seal.Open(Tenants.Default, seal.Make(Tenants.Default, seal.Token(Tenants.Default, "anna")))!);
        await Store.AppendAsync([Entry(1), Entry(2, actor: sealedActor), Entry(3, action: "key.make", decision: AuditDecision.Denied), Entry(4, action: "keys.make")], default);

        Assert.Equal(["s1-2"], await ListAsync(new AuditQuery(Actor: string.Join(':', sealedActor.Split(':').Take(3)))));
        Assert.Equal(["s1-3"], await ListAsync(new AuditQuery(Action: "key.make")));
        Assert.Equal(["s1-3"], await ListAsync(new AuditQuery(Action: "key.")));
        Assert.Equal(["s1-2"], await ListAsync(new AuditQuery(Object: "thing:2")));
        Assert.Equal(["s1-3"], await ListAsync(new AuditQuery(Decision: AuditDecision.Denied)));
        Assert.Equal(["s1-3", "s1-2"], await ListAsync(new AuditQuery(From: At(2), To: At(4))));
    }

    [Fact]
    public async Task Subjects_AskedForTwice_AreMadeOnce()
    {
        byte[][] tokens = [seal.Token(Tenants.Default, "anna"), seal.Token(Tenants.Default, "bert")];
        var first = await Store.SubjectsAsync(Tenants.Default, [tokens[0]], token => seal.Make(Tenants.Default, token), default);
        var both = await Store.SubjectsAsync(Tenants.Default, tokens, token => seal.Make(Tenants.Default, token), default);

        Assert.Equal(2, both.Count);
        Assert.Contains(both, subject => subject.Id == first[0].Id);
        Assert.Equal(both.Select(static subject => subject.Id).Order(), (await Store.SubjectsOfAsync(Tenants.Default, [.. both.Select(static subject => subject.Id)], default)).Select(static subject => subject.Id).Order());
        Assert.Empty(await Store.SubjectsOfAsync(MigratedDatabase.TenantA, [.. both.Select(static subject => subject.Id)], default));
    }

    [Fact]
    public async Task Erase_ASubject_IsGoneForGood()
    {
        var token = seal.Token(Tenants.Default, "anna");
        var made = await Store.SubjectsAsync(Tenants.Default, [token], each => seal.Make(Tenants.Default, each), default);

        Assert.False(await Store.EraseAsync(MigratedDatabase.TenantA, token, default));
        Assert.True(await Store.EraseAsync(Tenants.Default, token, default));
        Assert.False(await Store.EraseAsync(Tenants.Default, token, default));
        Assert.Null(await Store.FindSubjectAsync(Tenants.Default, token, default));
        Assert.Empty(await Store.SubjectsOfAsync(Tenants.Default, [made[0].Id], default));
    }

    /// <summary>An empty store with the tenants of <see cref="MigratedDatabase"/>.</summary>
    private protected abstract ValueTask<IAuditStore> CreateAsync();

    private static DateTimeOffset At(int second) => new(2026, 11, 28, 12, 0, second, TimeSpan.Zero);

    private static AuditEntry Entry(int sequence, string tenant = Tenants.Default, string actor = "key:key_1", string action = "thing.change", AuditDecision decision = AuditDecision.Allowed) =>
        AuditEntry.After(AuditEntry.Nothing, new AuditBody(tenant, "s1", sequence, AuditBody.Time(At(sequence)), actor, action, $"thing:{sequence}", decision, null, new Dictionary<string, string>()));

    private async Task<IEnumerable<string>> ListAsync(AuditQuery query) => (await Store.ListAsync(Tenants.Default, query, null, 10, default)).Select(static entry => entry.Id);
}

public sealed class PostgresAuditStoreTests(TestPostgres postgres) : AuditStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    private protected override async ValueTask<IAuditStore> CreateAsync() => new PostgresAuditStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
