using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Webhooks;

/// <summary>From the end of a run to the receiver: at least once, signed, and given up only in sight of people.</summary>
public sealed class WebhookDeliveryTests(TestPostgres postgres) : IAsyncLifetime
{
    private WebhookHouse house = null!;

    public async ValueTask InitializeAsync() => house = await WebhookHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task End_OfARun_IsToldToWhoeverRegisteredAndToItsOwnWebhook()
    {
        var hook = await house.RegisterAsync("registered");
        await house.RegisterAsync("only-waiting", events: [WebhookEvents.Waiting]);
        var run = await house.EndAsync(house.At("own").ToString());
        Assert.Equal(2, await house.DeliverAsync());
        Assert.Equal(0, await house.DeliverAsync());

        var (registered, own) = (Assert.Single(house.Receiver.Messages, m => m.Path == "/registered"), Assert.Single(house.Receiver.Messages, m => m.Path == "/own"));
        Assert.True(registered.IsSignedWith(house.Shown[hook.Id][0]));
        Assert.True(own.IsSignedWith(house.Secrets.OfRun("default", run.Id)));
        Assert.False(own.IsSignedWith(house.Shown[hook.Id][0]));
        Assert.NotEqual(registered.Id, own.Id);
        var message = JsonSerializer.Deserialize<WebhookMessage>(registered.Body, PlatformJson.Options)!;
        Assert.Equal((WebhookEvents.Finished, run.Id, "cancelled"), (message.Type, message.Data.RunId, message.Data.Status));
        Assert.Equal("delivered", Assert.Single(await house.DeliveriesAsync(hook.Id)).State);
    }

    [Fact]
    public async Task Messages_ThatArrivedLongAgo_AreForgottenAndThoseGivenUpAreNot()
    {
        var hook = await house.RegisterAsync("registered");
        await house.EndAsync();
        await house.DeliverAsync();
        await house.EndAsync();
        await FailToDeathAsync();
        house.Time.Advance(TimeSpan.FromDays(29));
        await house.CleanAsync();
        Assert.Equal(["dead", "delivered"], (await house.DeliveriesAsync(hook.Id)).Select(delivery => delivery.State).Order());

        house.Time.Advance(TimeSpan.FromDays(2));
        await house.CleanAsync();
        Assert.Equal("dead", Assert.Single(await house.DeliveriesAsync(hook.Id)).State);
    }

    [Fact]
    public async Task End_WithTheAgentsCanaryInTheAnswer_IsNotSentAndGivenUpAtOnce()
    {
        await house.RegisterAsync("hook");
        var run = await house.AnswerAsync($"the word is {house.Canary}");
        Assert.Contains(house.Canary, run.Output, StringComparison.Ordinal);
        await house.DeliverAsync();

        Assert.Empty(house.Receiver.Messages);
        var dead = Assert.Single(await house.Outbox.DeadAsync(WebhookHouse.Everybody, null, 10, default));
        Assert.Equal(1, dead.Attempts);
        Assert.Contains("would give away", dead.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(house.Canary, dead.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_ToAWebhookFromBeforeSecretsWereSealed_IsSignedAsBeforeAndAfterARotationWithBoth()
    {
        var hook = await house.RegisterAsync("hook");
        await house.UnsealAsync(hook.Id);
        await house.EndAsync();
        await house.DeliverAsync();
        var derived = house.Secrets.Derived("default", hook.Id, 1);
        Assert.True(Assert.Single(house.Receiver.Messages).IsSignedWith(derived));

        await house.RotateAsync(hook.Id);
        await house.EndAsync();
        await house.DeliverAsync();
        Assert.True(house.Receiver.Messages.Last().IsSignedWith(derived));
        Assert.True(house.Receiver.Messages.Last().IsSignedWith(house.Shown[hook.Id][1]));
    }

    [Fact]
    public async Task Deliver_WithAnotherWebhooksSecretInItsRow_IsNotSentAndSaysWhy()
    {
        var (hook, other) = (await house.RegisterAsync("hook"), await house.RegisterAsync("other", events: [WebhookEvents.Waiting]));
        Assert.DoesNotContain(Convert.ToHexString(Convert.FromBase64String(house.Shown[hook.Id][0]["whsec_".Length..])), Convert.ToHexString(await house.StoredAsync(hook.Id)), StringComparison.Ordinal);
        await house.SwapAsync(other.Id, hook.Id);
        await house.EndAsync();
        await house.DeliverAsync();

        Assert.Empty(house.Receiver.Messages);
        Assert.Contains("restore it from a backup", Assert.Single(await house.DeliveriesAsync(hook.Id)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_WithAnAnswer_CarriesIt()
    {
        await house.RegisterAsync("hook");
        var run = await house.AnswerAsync("forty-two");
        await house.DeliverAsync();

        var message = JsonSerializer.Deserialize<WebhookMessage>(Assert.Single(house.Receiver.Messages).Body, PlatformJson.Options)!;
        Assert.Equal((run.Id, "success", "forty-two"), (message.Data.RunId, message.Data.Status, message.Data.Output));
    }

    [Fact]
    public async Task End_OfOthersRuns_IsNotToldToABoundWebhookNorToAnotherTenant()
    {
        await house.RegisterAsync("of-ada", user: "user:ada");
        await house.RegisterAsync("of-a", tenant: MigratedDatabase.TenantA);
        await house.EndAsync(user: "user:eve");
        Assert.Equal(0, await house.DeliverAsync());

        await house.EndAsync(user: "user:ada");
        await house.EndAsync(tenant: MigratedDatabase.TenantA);
        await house.DeliverAsync();
        Assert.Equal(["/of-a", "/of-ada"], house.Receiver.Messages.Select(m => m.Path).Order());
    }

    [Fact]
    public async Task Deliver_ToAReceiverThatFails_ComesAgainLaterUnderTheSameId()
    {
        var hook = await house.RegisterAsync("hook");
        await house.EndAsync();
        house.Receiver.Answer(500);
        Assert.Equal(1, await house.DeliverAsync());
        Assert.Equal(0, await house.DeliverAsync());
        house.Time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(1, await house.DeliverAsync());

        Assert.Equal(2, house.Receiver.Messages.Count);
        Assert.Single(house.Receiver.Messages.Select(m => m.Id).Distinct());
        Assert.All(house.Receiver.Messages, m => Assert.True(m.IsSignedWith(house.Shown[hook.Id][0])));
        Assert.Equal(("delivered", 2, (int?)200), Assert.Single(await house.DeliveriesAsync(hook.Id)) is var d ? (d.State, d.Attempts, d.LastStatus) : default);
    }

    [Fact]
    public async Task Deliver_WhenTheReceiverAsksForAPause_KeepsToIt()
    {
        await house.RegisterAsync("hook");
        await house.EndAsync();
        house.Receiver.Answer(503, "Retry-After", "120");
        await house.DeliverAsync();
        house.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(0, await house.DeliverAsync());
        house.Time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(1, await house.DeliverAsync());
    }

    [Fact]
    public async Task Deliver_TooOftenInVain_MakesADeadLetterThatCanBeRetriedOrDiscarded()
    {
        await house.RegisterAsync("hook");
        await house.EndAsync();
        await FailToDeathAsync();
        var dead = Assert.Single(await house.Outbox.DeadAsync(WebhookHouse.Everybody, null, 10, default));
        Assert.Equal(("webhook", 3, "The receiver answered 500."), (dead.Kind, dead.Attempts, dead.Reason));
        Assert.Empty(await house.Outbox.DeadAsync(WebhookHouse.Everybody with { User = "user:eve" }, null, 10, default));
        Assert.False(await house.Outbox.RetryAsync(WebhookHouse.Everybody with { User = "user:eve" }, dead.Id, house.Time.GetUtcNow(), default));

        Assert.True(await house.Outbox.RetryAsync(WebhookHouse.Everybody, dead.Id, house.Time.GetUtcNow(), default));
        await FailToDeathAsync();
        Assert.True(await house.Outbox.DiscardAsync(WebhookHouse.Everybody, dead.Id, default));
        Assert.False(await house.Outbox.DiscardAsync(WebhookHouse.Everybody, dead.Id, default));
        Assert.Empty(await house.Outbox.DeadAsync(WebhookHouse.Everybody, null, 10, default));
        Assert.Equal(6, house.Receiver.Messages.Count);
    }

    [Fact]
    public async Task Deliver_ToAReceiverThatIsGone_DisablesTheWebhookUntilItIsEnabled()
    {
        var hook = await house.RegisterAsync("hook");
        await house.EndAsync();
        house.Receiver.Answer(410);
        await house.DeliverAsync();
        await house.EndAsync();
        Assert.Equal(0, await house.DeliverAsync());
        Assert.NotNull((await house.Store.FindAsync(WebhookHouse.Everybody, hook.Id, default))!.DisabledReason);

        await house.Store.EnableAsync(WebhookHouse.Everybody, hook.Id, default);
        await house.EndAsync();
        Assert.Equal(1, await house.DeliverAsync());
    }

    [Fact]
    public async Task Deliver_ToAReceiverThatRedirects_DoesNotFollow()
    {
        await house.RegisterAsync("hook");
        await house.EndAsync();
        house.Receiver.Answer(302, "Location", "/elsewhere");
        await house.DeliverAsync();

        Assert.Equal(["/hook"], house.Receiver.Messages.Select(m => m.Path));
    }

    [Fact]
    public async Task Deliver_AfterARotation_SignsWithBothSecretsForADay()
    {
        var hook = await house.RegisterAsync("hook");
        await house.RotateAsync(hook.Id);
        await house.EndAsync();
        await house.DeliverAsync();
        house.Time.Advance(TimeSpan.FromHours(25));
        await house.EndAsync();
        await house.DeliverAsync();

        var (soon, late) = (house.Receiver.Messages.First(), house.Receiver.Messages.Last());
        string before = house.Shown[hook.Id][0], now = house.Shown[hook.Id][1];
        Assert.True(soon.IsSignedWith(before) && soon.IsSignedWith(now) && late.IsSignedWith(now));
        Assert.False(late.IsSignedWith(before));
    }

    [Fact]
    public async Task Claim_ByTwo_GivesEachAttemptToOneAndTakesItFromWhoIsLate()
    {
        await house.RegisterAsync("hook");
        await house.EndAsync();
        var lease = TimeSpan.FromMinutes(1);
        var both = await Task.WhenAll(house.Outbox.ClaimAsync(house.Time.GetUtcNow(), lease, 10, default), house.Outbox.ClaimAsync(house.Time.GetUtcNow(), lease, 10, default));
        var late = Assert.Single(both.SelectMany(claimed => claimed));
        house.Time.Advance(lease);
        var next = Assert.Single(await house.Outbox.ClaimAsync(house.Time.GetUtcNow(), lease, 10, default));
        var done = new DeliveryOutcome(200, null, null);

        Assert.Equal((1, 2), (late.Attempt, next.Attempt));
        Assert.False(await house.Outbox.FinishAsync(late, done, house.Time.GetUtcNow(), default));
        Assert.True(await house.Outbox.FinishAsync(next, done, house.Time.GetUtcNow(), default));
        Assert.False(await house.Outbox.FinishAsync(next, done, house.Time.GetUtcNow(), default));
    }

    [Fact]
    public async Task Claim_WithOneTenantsMany_LeavesRoomForTheOthers()
    {
        await house.RegisterAsync("many");
        await house.RegisterAsync("one", tenant: MigratedDatabase.TenantA);
        for (var i = 0; i < 12; i++)
        {
            await house.EndAsync();
        }

        await house.EndAsync(tenant: MigratedDatabase.TenantA);
        Assert.Contains(await house.Outbox.ClaimAsync(house.Time.GetUtcNow(), TimeSpan.FromMinutes(1), 8, default), due => due.Tenant == MigratedDatabase.TenantA);
    }

    [Fact]
    public async Task Deliver_ToAPrivateHostNobodyAllowed_SaysSoAndReachesNothing()
    {
        await using var closed = await WebhookHouse.CreateAsync(postgres, allow: false);
        var hook = await closed.RegisterAsync("hook");
        await closed.EndAsync();
        await closed.DeliverAsync();

        Assert.Empty(closed.Receiver.Messages);
        Assert.Contains("Egress:AllowedHosts", Assert.Single(await closed.DeliveriesAsync(hook.Id)).LastError, StringComparison.Ordinal);
    }

    private async Task FailToDeathAsync()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            house.Receiver.Answer(500);
            Assert.Equal(1, await house.DeliverAsync());
            house.Time.Advance(TimeSpan.FromMinutes(3));
        }
    }
}
