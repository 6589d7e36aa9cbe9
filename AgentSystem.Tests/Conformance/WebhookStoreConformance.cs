using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.Runtime.Webhooks.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IWebhookStore"/> keeps to.</summary>
public abstract class WebhookStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly WebhookScope Default = new(Tenants.Default, null);
    private static readonly WebhookScope Mine = new(Tenants.Default, "user:me");

    private IWebhookStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Find_AKeptWebhook_GivesEveryMemberBack()
    {
        var made = await Add("https://example.com/1", "user:me", [WebhookEvents.Waiting], "mine");

        Assert.Equivalent(new WebhookView(made.Id, "https://example.com/1", [WebhookEvents.Waiting], "mine", null, Noon), await Store.FindAsync(Default, made.Id, default), strict: true);
        Assert.NotNull(await Store.FindAsync(Mine, made.Id, default));
    }

    [Fact]
    public async Task AnyAct_OutsideItsScope_MeetsNothing()
    {
        var all = await Add("https://example.com/all", null);
        foreach (var scope in new[] { Mine, new WebhookScope(MigratedDatabase.TenantA, null) })
        {
            Assert.Null(await Store.FindAsync(scope, all.Id, default));
            Assert.Null(await Store.RotateAsync(scope, all.Id, [2], Noon, default));
            Assert.Null(await Store.EnableAsync(scope, all.Id, default));
            Assert.Null(await Store.DeliveriesAsync(scope, all.Id, null, 10, default));
            Assert.False(await Store.DeleteAsync(scope, all.Id, default));
            Assert.Empty(await Store.ListAsync(scope, null, 10, default));
        }

        Assert.NotNull(await Store.FindAsync(Default, all.Id, default));
    }

    [Fact]
    public async Task List_AfterAWebhook_GoesOnWithTheOlderOnes()
    {
        var made = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            made.Add((await Add($"https://example.com/{i}", null, at: Noon.AddSeconds(i))).Id);
        }

        Assert.Equal([made[3], made[2]], (await Store.ListAsync(Default, null, 2, default)).Select(webhook => webhook.Id));
        Assert.Equal([made[1], made[0]], (await Store.ListAsync(Default, made[2], 5, default)).Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Rotate_TwiceOver_GivesTheNextVersionEachTime()
    {
        var made = await Add("https://example.com/", null);

        Assert.Equal(2, (await Store.RotateAsync(Default, made.Id, [2], Noon, default))?.Version);
        Assert.Equal(3, (await Store.RotateAsync(Default, made.Id, [2], Noon, default))?.Version);
    }

    [Fact]
    public async Task Delete_AWebhook_EndsIt()
    {
        var made = await Add("https://example.com/", null);

        Assert.True(await Store.DeleteAsync(Default, made.Id, default));
        Assert.False(await Store.DeleteAsync(Default, made.Id, default));
        Assert.Null(await Store.FindAsync(Default, made.Id, default));
    }

    [Fact]
    public async Task Add_ManyAtOnce_KeepsNoMoreThanATenantMayHave()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Store.AddAsync(New($"https://example.com/{i}", null), 3, default)));

        Assert.Equal(3, added.Count(webhook => webhook is not null));
        Assert.Equal(3, (await Store.ListAsync(Default, null, 20, default)).Count);
    }

    /// <summary>A store that knows the tenants <c>default</c> and <see cref="MigratedDatabase.TenantA"/>.</summary>
    protected abstract Task<IWebhookStore> CreateAsync();

    private async Task<WebhookView> Add(string url, string? user, IReadOnlyList<string>? events = null, string? description = null, DateTimeOffset? at = null) =>
        (await Store.AddAsync(New(url, user) with { Events = events ?? WebhookEvents.All, Description = description, At = at ?? Noon, Id = NewWebhook.NewId(at ?? Noon) }, 100, default))!;

    private static NewWebhook New(string url, string? user) => new(Tenants.Default, user, url, WebhookEvents.All, null, Noon, NewWebhook.NewId(Noon), [1]);
}

public sealed class PostgresWebhookStoreTests(TestPostgres postgres) : WebhookStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IWebhookStore> CreateAsync() => new PostgresWebhookStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
