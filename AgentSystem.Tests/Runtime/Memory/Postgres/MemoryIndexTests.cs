using AgentSystem.Contracts.Memory;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.Memory.Retrieval;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Memory.Postgres;

/// <summary>The embedded index over its rows, the worker that fills it, and the loops that let go.</summary>
public sealed class MemoryIndexTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly MemoryScope Mine = new(Tenants.Default, "user:u1", "assistant");

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private MigratedDatabase database = null!;
    private MemoryHouse house = null!;

    public async ValueTask InitializeAsync() => house = new MemoryHouse(database = await MigratedDatabase.CreateAsync(postgres), time);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Nearest_AmongMany_IsTheExactOrder()
    {
        foreach (var number in Enumerable.Range(0, 200))
        {
            await house.KeepAsync(Mine, $"note {number} speaks of {(number % 2 == 0 ? "gardens and apple trees" : "engines and oil")} and of {number * 7919 % 1000}", MemoryKind.Episodic);
        }

        var query = HashedEmbedding.Embed("apple trees in the gardens");
        var near = await house.Index.NearestAsync(Mine, HashedEmbedding.Name, query, 20, default);
        var exact = (await house.Records.ListAsync(new MemoryReach(Tenants.Default, null, null), new MemoryFilter(null, null, null, null, null, null, 200), default))
            .Select(memory => HashedEmbedding.Cosine(query, HashedEmbedding.ToBytes(HashedEmbedding.Embed(memory.Text)))).OrderDescending().Take(20);
        Assert.Equal(exact.Select(static cosine => Math.Round(cosine, 5)), near.Select(static one => Math.Round(one.Cosine, 5)));
        Assert.InRange(house.Index.Bytes, 200 * HashedEmbedding.Dimensions, 400 * HashedEmbedding.Dimensions);
    }

    [Fact]
    public async Task Nearest_InAnotherProcess_SeesWhatWasWrittenChangedAndForgottenSince()
    {
        var other = new MemoryHouse(database, time);
        var stored = await house.KeepAsync(Mine, "the violin is at the repair shop");
        Assert.Equal([stored.Id], await NearAsync(other, "violin"));
        var second = await house.KeepAsync(Mine, "the cello is in the cellar");
        Assert.Equal([second.Id], (await NearAsync(other, "cello")).Take(1));
        await house.Records.ForgetAsync(new MemoryReach(Tenants.Default, null, null), second.Id, default);
        Assert.Equal([stored.Id], await NearAsync(other, "cello"));
    }

    [Fact]
    public async Task Nearest_ATransactionThatBeganEarlierAndCommitsLater_IsNotMissed()
    {
        await using var slow = await database.Runtime.OpenAsync(Tenants.Default, default);
        await using (var insert = slow.Command(
            "INSERT INTO agentsystem.memory_vectors (tenant_id, memory_id, embedding, user_name, agent, version, vector) VALUES ($1, 'mem-slow', $2, $3, $4, 1, $5)",
            Mine.Tenant, HashedEmbedding.Name, Mine.User, Mine.Agent, HashedEmbedding.ToBytes(HashedEmbedding.Embed("a slow violin"))))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var quick = await house.KeepAsync(Mine, "a quick cello");
        Assert.Equal([quick.Id], await NearAsync(house, "violin"));
        await slow.CommitAsync(default);
        Assert.Equal("mem-slow", (await NearAsync(house, "violin"))[0]);
    }

    [Fact]
    public async Task Index_BeyondItsMemory_LetsGoOfTheScopeNotSearchedForLongest()
    {
        var small = new MemoryHouse(database, time, options: new MemoryOptions { IndexMegabytes = 0 });
        var theirs = Mine with { User = "user:u2" };
        await small.KeepAsync(Mine, "my violin");
        await small.KeepAsync(theirs, "their cello");
        await NearAsync(small, "violin");
        time.Advance(TimeSpan.FromSeconds(1));
        await small.Index.NearestAsync(theirs, HashedEmbedding.Name, HashedEmbedding.Embed("cello"), 5, default);
        Assert.Equal([(theirs.Tenant, theirs.User)], small.Index.Holders);
        Assert.NotEmpty(await NearAsync(small, "violin"));
    }

    [Fact]
    public async Task Worker_WithAModelThatIsAsked_MakesVectorsLaterAndMeasuresTheLag()
    {
        var model = new SlowEmbedding("model:a");
        var asked = new MemoryHouse(database, time, model);
        var stored = await asked.KeepAsync(Mine, "the violin is at the repair shop");
        Assert.Contains("vectors:queued", stored.StoredIn);
        Assert.Equal([stored.Id], (await asked.Search.FindAsync(new MemoryQuestion(Mine, "violin", 5), default)).Data.Select(static hit => hit.Id));
        Assert.Empty(await asked.Index.NearestAsync(Mine, model.Id, model.Of("violin"), 5, default));
        Assert.Equal(1, await asked.Indexer.DrainAsync(default));
        Assert.Single(await asked.Index.NearestAsync(Mine, model.Id, model.Of("violin"), 5, default));
        Assert.Contains("vectors", (await asked.Records.FindAsync(new MemoryReach(Tenants.Default, null, null), stored.Id, default))!.StoredIn);
        Assert.InRange(asked.Telemetry.Lags().P50!.Value, 0, 600);
        Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.memory_outbox"));
    }

    [Fact]
    public async Task Worker_WhoseModelIsAway_KeepsTheEntryAndTheSearchGoesOnWithoutVectors()
    {
        var model = new SlowEmbedding("model:a") { Away = true };
        var asked = new MemoryHouse(database, time, model);
        var stored = await asked.KeepAsync(Mine, "the violin is at the repair shop");
        await Assert.ThrowsAsync<MemoryEmbeddingException>(() => asked.Indexer.DrainAsync(default));
        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.memory_outbox"));
        var found = await asked.Search.FindAsync(new MemoryQuestion(Mine, "violin", 5), default);
        Assert.Equal((stored.Id, 1), (found.Data[0].Id, found.Degraded.Count));
    }

    [Fact]
    public async Task Worker_AfterTheEmbeddingChanged_EmbedsAnewAndNeverMixes()
    {
        var stored = await house.KeepAsync(Mine, "the violin is at the repair shop");
        await house.Indexer.DrainAsync(default);
        var model = new SlowEmbedding("model:b");
        var changed = new MemoryHouse(database, time, model);
        Assert.Empty(await changed.Index.NearestAsync(Mine, model.Id, model.Of("violin"), 5, default));
        Assert.Equal(1, await changed.Indexer.RequeueAsync(default));
        await changed.Indexer.DrainAsync(default);
        Assert.Equal([stored.Id], (await changed.Index.NearestAsync(Mine, model.Id, model.Of("violin"), 5, default)).Select(static one => one.Id));
        Assert.Equal(0, await changed.Indexer.RequeueAsync(default));
        await changed.Keeper.KeepAsync(default);
        Assert.Equal("model:b", await database.ScalarAsync("SELECT string_agg(DISTINCT embedding, ',') FROM agentsystem.memory_vectors"));
    }

    [Fact]
    public async Task Worker_TwoAtOnce_DoEachEntryOnce()
    {
        foreach (var number in Enumerable.Range(0, 100))
        {
            await house.KeepAsync(Mine, $"note {number}");
        }

        var done = await Task.WhenAll(house.Indexer.DrainAsync(default), new MemoryHouse(database, time).Indexer.DrainAsync(default));
        Assert.Equal(100, done.Sum());
    }

    [Fact]
    public async Task Worker_AMemoryOfTheVersionBefore_GetsWordsThingsAndItsPlace()
    {
        await database.ScalarAsync("""
            INSERT INTO agentsystem.memories (tenant_id, user_name, agent, id, text, text_hash, embedding, vector, at, valid_from, recorded_at)
                VALUES ('default', 'user:u1', 'assistant', 'mem-old', 'Anna works at Acme', sha256('Anna works at Acme'), 'hashed-0', '', now(), '2020-01-01', '2020-01-01');
            INSERT INTO agentsystem.memory_outbox (tenant_id, memory_id, version) VALUES ('default', 'mem-old', 1)
            """);
        await house.Indexer.DrainAsync(default);
        var hit = Assert.Single((await house.Search.FindAsync(new MemoryQuestion(Mine, "Anna", 5), default)).Data);
        Assert.Equal(("mem-old", "Semantic,Lexical,Graph"), (hit.Id, string.Join(',', hit.Strategies)));
    }

    [Fact]
    public async Task Keeper_LetsGoOfWhatIsOver_AndMergesWhatSaysTheSame()
    {
        var settings = new MemoryOptions { EpisodicDays = 100, ConsolidateAfterDays = 10 };
        var kept = new MemoryHouse(database, time, options: settings);
        await kept.KeepAsync(Mine, "working notes", MemoryKind.Working, thread: "t");
        await kept.KeepAsync(Mine, "We met Bo.", MemoryKind.Episodic);
        await kept.KeepAsync(Mine, "we met Bo", MemoryKind.Episodic);
        await kept.KeepAsync(Mine, "Anna works at Acme");
        await kept.Keeper.KeepAsync(default);
        Assert.Equal(4L, await CountAsync());
        time.Advance(TimeSpan.FromDays(20));
        await Task.WhenAll(kept.Keeper.KeepAsync(default), new MemoryHouse(database, time, options: settings).Keeper.KeepAsync(default));
        Assert.Equal(2L, await CountAsync());
        time.Advance(TimeSpan.FromDays(100));
        await kept.Keeper.KeepAsync(default);
        Assert.Equal("Anna works at Acme", await database.ScalarAsync("SELECT string_agg(text, ',') FROM agentsystem.memories"));
    }

    private async Task<long> CountAsync() => (long)(await database.ScalarAsync("SELECT count(*) FROM agentsystem.memories"))!;

    private static async Task<IReadOnlyList<string>> NearAsync(MemoryHouse house, string words) =>
        [.. (await house.Index.NearestAsync(Mine, HashedEmbedding.Name, HashedEmbedding.Embed(words), 5, default)).Select(static one => one.Id)];

    /// <summary>A model of a test's own: it answers when it is asked, and its vectors have another size.</summary>
    private sealed class SlowEmbedding(string id) : IMemoryEmbedding
    {
        public bool Away { get; init; }

        public string Id => id;

        public bool Immediate => false;

        public Task<IReadOnlyList<float[]>> EmbedAsync(string tenant, IReadOnlyList<string> texts, CancellationToken cancellation) =>
            Away ? throw new MemoryEmbeddingException("the model is away", new HttpRequestException("away")) : Task.FromResult<IReadOnlyList<float[]>>([.. texts.Select(Of)]);

        public float[] Of(string text) => text.Contains("violin", StringComparison.Ordinal) ? [1, 0, 0] : [0, 1, 0];
    }
}
