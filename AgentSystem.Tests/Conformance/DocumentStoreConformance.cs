using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Documents.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IDocumentStore"/> keeps to.</summary>
public abstract class DocumentStoreConformance : IAsyncLifetime
{
    private static readonly DocumentReader Everything = new(Tenants.Default, null);
    private DateTimeOffset now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private IDocumentStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Search_TheRightPiece_ComesFirstAndIsQuotedToTheLetter()
    {
        await CorpusAsync();
        var hits = await SearchAsync("parental leave");
        Assert.Equal(("handbook.md", 2, "Leave > Parental leave", 4), (hits[0].Title, hits[0].Chunk, hits[0].Heading, hits[0].Page));
        Assert.Equal("\u0002Parental\u0003 \u0002leave\u0003 lasts sixteen weeks at full pay.", hits[0].Snippet);
        Assert.True(hits.Zip(hits.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score) && hits.All(hit => hit.Score > 0));
    }

    [Theory]
    [InlineData("How long does the parental leave last?", "Parental leave lasts")]
    [InlineData("refunding", "Refunds are paid")]
    [InlineData("Muller", "Frau Müller leitet")]
    [InlineData("Müllers Archiv or archiv", "Frau Müller leitet")]
    [InlineData("\"full pay\"", "Parental leave lasts")]
    [InlineData("leave -parental", "Sick leave needs")]
    [InlineData("it", "Everyone has it.")]
    [InlineData("and/or", "Bring coffee and/or tea")]
    [InlineData("3.5", "Bring coffee")]
    [InlineData("会議", "会議は")]
    [InlineData("handbook weeks", "Parental leave lasts")]
    public async Task Search_InPeoplesWords_FindsIt(string query, string sentence)
    {
        await CorpusAsync();
        Assert.StartsWith(sentence, Plain((await SearchAsync(query))[0].Snippet), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("submarine")]
    [InlineData("\"pay full\"")]
    [InlineData("submarine warfare doctrine of pay")]
    [InlineData("-leave")]
    [InlineData("':* & | ! ( ) <-> \\ \" %")]
    [InlineData("\"\"\"")]
    [InlineData("🎉")]
    public async Task Search_NothingFits_IsEmpty(string query)
    {
        await CorpusAsync();
        Assert.Empty(await SearchAsync(query));
    }

    [Fact]
    public async Task Search_AQueryOfTheGreatestLength_Answers()
    {
        await CorpusAsync();
        var hits = await SearchAsync(string.Concat(Enumerable.Repeat("refund's:*'\" ", 76)));
        Assert.StartsWith("Refunds are paid", Plain(hits[0].Snippet), StringComparison.Ordinal);
        Assert.Empty(await SearchAsync(string.Join(' ', Enumerable.Range(0, 200).Select(i => $"w{i}"))));
        Assert.Empty(await SearchAsync(string.Concat(Enumerable.Repeat("\"x-", 333))));
    }

    [Fact]
    public async Task Search_AsAnAgent_SeesItsOwnAndTheSharedOnesOnly()
    {
        await AddAsync("shared.txt", null, "The shared budget is small.");
        await AddAsync("mine.txt", "mine", "My budget is large.");
        await AddAsync("theirs.txt", "theirs", "Their budget is secret.");
        Assert.Equal(["mine.txt", "shared.txt"], (await SearchAsync("budget", "mine")).Select(hit => hit.Title).Order());
        Assert.Equal(["shared.txt"], (await SearchAsync("budget")).Select(hit => hit.Title));
        Assert.Empty(await Store.SearchAsync(MigratedDatabase.TenantA, "mine", "budget", 10, default));
    }

    [Fact]
    public async Task Add_TheSameBytesInTheSamePlace_GivesTheOneThatIsThere()
    {
        var first = await AddAsync("a.txt", null, "Once.");
        var again = await Store.AddAsync(Tenants.Default, Document("b.txt", null, "Once."), new DocumentsOptions(), default);
        Assert.Equal((first, false), (again.View, again.IsNew));
        Assert.Equal(first, await Store.FindSameAsync(Tenants.Default, null, first.Sha256, default));
        Assert.NotEqual(first.Id, (await AddAsync("a.txt", "mine", "Once.")).Id);
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Store.AddAsync(MigratedDatabase.TenantB, Document("a.txt", null, "Once."), new DocumentsOptions(), default)));
        Assert.Single(ids.Select(added => added.View!.Id).Distinct());
        Assert.Single(ids, added => added.IsNew);
    }

    [Fact]
    public async Task Add_OverALimitOfTheTenant_IsRefusedWithTheCure()
    {
        await AddAsync("a.txt", null, "Twelve bytes");
        var many = await Store.AddAsync(Tenants.Default, Document("b.txt", null, "More"), new DocumentsOptions { MaxPerTenant = 1 }, default);
        var large = await Store.AddAsync(Tenants.Default, Document("b.txt", null, "More"), new DocumentsOptions { MaxBytesPerTenant = 15 }, default);
        Assert.All([many, large], added => Assert.Equal((null, "documents_limit_reached"), (added.View, added.Refusal?.Code)));
        Assert.NotNull((await Store.AddAsync(Tenants.Default, Document("b.txt", null, "More"), new DocumentsOptions { MaxBytesPerTenant = 16 }, default)).View);
    }

    [Fact]
    public async Task List_Pages_NewestFirstAndOnlyWhatTheReaderMaySee()
    {
        foreach (var i in Enumerable.Range(1, 5))
        {
            await AddAsync($"Öffnungszeiten {i}", i % 2 == 0 ? "mine" : null, $"Text {i}.");
        }

        var all = await Store.ListAsync(Everything, new DocumentFilter(null, null), null, 10, default);
        Assert.Equal(["5", "4", "3", "2", "1"], all.Select(document => document.Title[^1..]));
        Assert.Equal(all.Skip(2).Take(2), await Store.ListAsync(Everything, new DocumentFilter(null, null), all[1].Id, 2, default));
        Assert.Equal(3, (await Store.ListAsync(new DocumentReader(Tenants.Default, ["other"]), new DocumentFilter(null, null), null, 10, default)).Count);
        Assert.Equal(2, (await Store.ListAsync(Everything, new DocumentFilter("mine", null), null, 10, default)).Count);
        Assert.Equal(all[1], Assert.Single(await Store.ListAsync(Everything, new DocumentFilter(null, "OFFNUNGSZEITEN 4"), null, 10, default)));
        Assert.Empty(await Store.ListAsync(Everything with { Tenant = MigratedDatabase.TenantA }, new DocumentFilter(null, null), null, 10, default));
    }

    [Fact]
    public async Task Find_Text_Delete_OfWhatTheReaderMayNotSee_FindNothing()
    {
        var mine = await AddAsync("mine.txt", "mine", "Secret.");
        foreach (var stranger in new[] { new DocumentReader(MigratedDatabase.TenantA, null), new DocumentReader(Tenants.Default, ["other"]), new DocumentReader(Tenants.Default, []) })
        {
            Assert.Null(await Store.FindAsync(stranger, mine.Id, default));
            Assert.Null(await Store.TextAsync(stranger, mine.Id, default));
            Assert.False(await Store.DeleteAsync(stranger, mine.Id, default));
        }

        Assert.Equal(mine, await Store.FindAsync(new DocumentReader(Tenants.Default, ["mine"]), mine.Id, default));
        Assert.Equal("Secret.", Assert.Single((await Store.TextAsync(Everything, mine.Id, default))!.Chunks).Text);
        Assert.True(await Store.DeleteAsync(Everything, mine.Id, default));
        Assert.Null(await Store.TextAsync(Everything, mine.Id, default));
        Assert.Empty(await SearchAsync("secret", "mine"));
    }

    /// <summary>A store over an empty database with the tenants of <see cref="MigratedDatabase"/>.</summary>
    protected abstract Task<IDocumentStore> CreateAsync();

    private async Task CorpusAsync()
    {
        await AddAsync("handbook.md", null,
            new DocumentChunk(1, "Leave", 3, "Sick leave needs a note from the third day. Ask your manager."),
            new DocumentChunk(2, "Leave > Parental leave", 4, "Everyone has it. Parental leave lasts sixteen weeks at full pay. It can be split."),
            new DocumentChunk(3, "Meetings", 5, "Bring coffee and/or tea, 3.5 litres. 会議は月曜日です。"));
        await AddAsync("returns.txt", null, new DocumentChunk(1, null, null, "Refunds are paid within ten days. Parents of buyers leave no notes."));
        await AddAsync("leitfaden.txt", null, new DocumentChunk(1, null, null, "Frau Müller leitet das Archiv. Ask IT for a key."));
    }

    private Task<IReadOnlyList<DocumentHit>> SearchAsync(string query, string? agent = null) => Store.SearchAsync(Tenants.Default, agent, query, 10, default);

    private Task<DocumentView> AddAsync(string title, string? agent, string text) => AddAsync(title, agent, new DocumentChunk(1, null, null, text));

    private async Task<DocumentView> AddAsync(string title, string? agent, params DocumentChunk[] chunks) =>
        (await Store.AddAsync(Tenants.Default, Document(title, agent, chunks), new DocumentsOptions(), default)).View!;

    private NewDocument Document(string title, string? agent, string text) => Document(title, agent, new DocumentChunk(1, null, null, text));

    private NewDocument Document(string title, string? agent, params DocumentChunk[] chunks)
    {
        var text = string.Concat(chunks.Select(chunk => chunk.Text));
        now = now.AddSeconds(1);
        return new NewDocument(
            new DocumentView($"doc_{Guid.CreateVersion7(now):N}", title, agent, "text/plain", Encoding.UTF8.GetByteCount(text), text.Length, chunks.Length, null, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), "key", now),
            chunks);
    }

    private static string Plain(string snippet) => snippet.Replace("\u0002", "", StringComparison.Ordinal).Replace("\u0003", "", StringComparison.Ordinal);
}

public sealed class PostgresDocumentStoreTests(TestPostgres postgres) : DocumentStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IDocumentStore> CreateAsync() => new PostgresDocumentStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
