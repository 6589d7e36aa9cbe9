using System.Collections.Concurrent;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.Runtime.Webhooks.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Webhooks;

/// <summary>Runs, an outbox, a deliverer that delivers when a test says so, and a receiver on loopback.</summary>
internal sealed class WebhookHouse : IAsyncDisposable
{
    public static readonly WebhookScope Everybody = new(Tenants.Default, null);

    private readonly RunHouse runs;
    private readonly WebhookSender sender;

    private WebhookHouse(RunHouse runs, WebhookReceiver receiver, string allowed)
    {
        (this.runs, Receiver) = (runs, receiver);
        var options = Options.Create(new WebhookOptions { MaxAttempts = 3 });
        Secrets = new WebhookSecrets(new RootKey("a-root-key-for-tests-0123456789-0123456789"), runs.Database.Box);
        sender = new WebhookSender(runs.Store, Secrets, new EgressRule(Options.Create(new EgressOptions { AllowedHosts = allowed })), new JitterSource(1), options, Time, runs.Services.GetRequiredService<IOutgoingCheck>());
        Outbox = new PostgresWebhookOutbox(runs.Database.Runtime);
        Store = new PostgresWebhookStore(runs.Database.Runtime);
        Deliverer = new WebhookDeliverer(Outbox, sender, options, Time, NullLogger<WebhookDeliverer>.Instance);
    }

    /// <summary>A minute ahead of the database, which says when messages come into the outbox.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow().AddMinutes(1));

    public WebhookReceiver Receiver { get; }

    public WebhookSecrets Secrets { get; }

    public IWebhookOutbox Outbox { get; }

    public IWebhookStore Store { get; }

    public WebhookDeliverer Deliverer { get; }

    public static async Task<WebhookHouse> CreateAsync(TestPostgres postgres, bool allow = true)
    {
        var receiver = await WebhookReceiver.StartAsync();
        return new WebhookHouse(await RunHouse.CreateAsync(postgres), receiver, allow ? receiver.Host : "");
    }

    public Uri At(string path) => new(Receiver.Address, path);

    /// <summary>What each webhook's owner was shown, the newest last.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<string>> Shown { get; } = new();

    public async Task<WebhookView> RegisterAsync(string path, string? user = null, string tenant = Tenants.Default, IReadOnlyList<string>? events = null)
    {
        var id = NewWebhook.NewId(Time.GetUtcNow());
        var (secret, kept) = await Secrets.NewAsync(tenant, id, default);
        Shown[id] = [secret];
        return (await Store.AddAsync(new NewWebhook(tenant, user, At(path).ToString(), events ?? WebhookEvents.All, null, Time.GetUtcNow(), id, kept), 100, default))!;
    }

    /// <summary>Makes it a webhook from before secrets were sealed.</summary>
    public Task UnsealAsync(string id) => runs.Database.ScalarAsync($"UPDATE agentsystem.webhooks SET secret = NULL, secret_before = NULL WHERE id = '{id}'");

    /// <summary>What the database has of a webhook's secret.</summary>
    public async Task<byte[]> StoredAsync(string id) => (byte[])(await runs.Database.ScalarAsync($"SELECT secret FROM agentsystem.webhooks WHERE id = '{id}'"))!;

    /// <summary>Puts one webhook's secret into the row of another.</summary>
    public Task SwapAsync(string from, string to) =>
        runs.Database.ScalarAsync($"UPDATE agentsystem.webhooks SET secret = (SELECT secret FROM agentsystem.webhooks WHERE id = '{from}') WHERE id = '{to}'");

    public async Task RotateAsync(string id)
    {
        var (secret, kept) = await Secrets.NewAsync(Tenants.Default, id, default);
        Shown[id] = [.. Shown[id], secret];
        await Store.RotateAsync(Everybody, id, kept, Time.GetUtcNow(), default);
    }

    /// <summary>A run that ended.</summary>
    public async Task<RunRecord> EndAsync(string? webhook = null, string user = "user:ada", string tenant = Tenants.Default)
    {
        var run = await runs.SubmitAsync(RunHouse.NewRun(tenant: tenant) with { User = user, Webhook = webhook });
        return (await runs.Store.CancelAsync(new RunScope(tenant, null), run.Id, default))!;
    }

    /// <summary>A run that is executed to its end by a model that says <paramref name="answer"/>.</summary>
    public async Task<RunRecord> AnswerAsync(string answer)
    {
        runs.Model.Then(Turn.Says(answer));
        var run = await runs.SubmitAsync();
        await runs.DrainAsync();
        return await runs.FindAsync(run.Id);
    }

    /// <summary>The word that stands in the system prompt of the agent that answers here, and nowhere else.</summary>
    public string Canary => runs.Services.GetRequiredService<CanaryTokens>().Of(Tenants.Default, RunHouse.Agent, 1);

    /// <summary>Forgets what is kept long enough.</summary>
    public async Task CleanAsync()
    {
        using var cleaner = new DeliveryCleaner(Outbox, Options.Create(new WebhookOptions()), Time, NullLogger<DeliveryCleaner>.Instance);
        await cleaner.CleanAsync(default);
    }

    public Task<int> DeliverAsync() => Deliverer.DeliverAsync(default);

    public async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(string webhook) => (await Store.DeliveriesAsync(Everybody, webhook, null, 50, default))!;

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        Deliverer.Dispose();
        await runs.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
