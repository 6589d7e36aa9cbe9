using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.DeadLetters;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Webhooks;

/// <summary>Webhooks are registered, shown without their secret, rotated and removed; what died is found, retried and discarded.</summary>
public sealed class WebhooksTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    private const string Path = "/api/v1/webhooks";

    [Fact]
    public async Task Register_Rotate_AndRead_ShowsEachSecretOnce()
    {
        using var client = api.Client();
        var made = await MakeAsync(client, """{"url":"https://example.com/hook","description":"ours"}""");
        using var rotated = await client.PostAsync($"{Path}/{made.Id}/rotate", null);
        var second = (await rotated.Content.ReadFromJsonAsync<CreatedWebhook>(PlatformJson.Options))!;
        var text = await client.GetStringAsync($"{Path}/{made.Id}") + await client.GetStringAsync(Path);

        Assert.StartsWith(WebhookSecrets.Start, made.Secret, StringComparison.Ordinal);
        Assert.NotEqual(made.Secret, second.Secret);
        Assert.Equal(WebhookEvents.All, made.Events);
        Assert.DoesNotContain(WebhookSecrets.Start, text, StringComparison.Ordinal);
        using var gone = await client.DeleteAsync($"{Path}/{made.Id}");
        using var nowhere = await client.GetAsync($"{Path}/{made.Id}/deliveries");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone.StatusCode, nowhere.StatusCode));
    }

    [Theory]
    [InlineData("""{"url":"http://example.com/"}""", "url")]
    [InlineData("""{"url":"https://localhost/"}""", "url")]
    [InlineData("""{"url":"https://[::1]/"}""", "url")]
    [InlineData("""{"url":"https://example.com/","events":[]}""", "events")]
    [InlineData("""{"url":"https://example.com/","events":["run.exploded"]}""", "events")]
    [InlineData("""{"url":"https://example.com/","secret":"mine"}""", "secret")]
    public async Task Register_WithSomethingWrong_IsRefusedByName(string body, string param)
    {
        using var client = api.Client();
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));

        Assert.Equal((HttpStatusCode.BadRequest, param), (answer.StatusCode, await RunsTests.ParamAsync(answer)));
    }

    [Fact]
    public async Task AnyPath_OfTheTenantsWebhook_DoesNotExistForABoundKey()
    {
        using var admin = api.Client();
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.RunsRead, Scopes.RunsWrite], User: "me"));
        var theirs = await MakeAsync(admin, """{"url":"https://example.com/theirs"}""");
        var mine = await MakeAsync(bound, """{"url":"https://example.com/mine"}""");
        using var read = await bound.GetAsync($"{Path}/{theirs.Id}");
        using var rotate = await bound.PostAsync($"{Path}/{theirs.Id}/rotate", null);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (read.StatusCode, rotate.StatusCode));
        Assert.Equal([mine.Id], (await bound.ReadAsync<ListPage<WebhookView>>(Path)).Data.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Run_WithAWebhookOfItsOwn_ShowsTheSecretOnceAndTriesToDeliver()
    {
        using var client = api.Client();
        // Port 9 of this machine is allowed and nobody listens there: the attempt is made, and fails.
        var hook = await MakeAsync(client, """{"url":"http://127.0.0.1:9/hook"}""");
        var run = await client.BeginAsync("""{"agent":"assistant","input":"tell","webhook":"http://127.0.0.1:9/own"}""");
        await client.EndedAsync(run.Id);
        var delivery = Assert.Single((await client.ReadAsync<ListPage<WebhookDelivery>>($"{Path}/{hook.Id}/deliveries")).Data, one => one.RunId == run.Id);

        Assert.StartsWith(WebhookSecrets.Start, run.WebhookSecret, StringComparison.Ordinal);
        Assert.DoesNotContain(run.WebhookSecret!, await client.GetStringAsync($"{RunClient.Path}/{run.Id}"), StringComparison.Ordinal);
        Assert.Equal((WebhookEvents.Finished, "pending"), (delivery.Event, delivery.State));
        await client.DeleteAsync($"{Path}/{hook.Id}");
    }

    [Fact]
    public async Task DeadLetters_ThatAreNone_AreAnEmptyListAndNotFound()
    {
        using var client = api.Client();
        using var retry = await client.PostAsync("/api/v1/dead-letters/dead_run_none/retry", null);
        using var discard = await client.DeleteAsync("/api/v1/dead-letters/dead_msg_none");
        using var kind = await client.GetAsync("/api/v1/dead-letters?kind=cat");

        Assert.Empty((await client.ReadAsync<ListPage<DeadLetterView>>("/api/v1/dead-letters")).Data);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (retry.StatusCode, discard.StatusCode));
        Assert.Equal((HttpStatusCode.BadRequest, "kind"), (kind.StatusCode, await RunsTests.ParamAsync(kind)));
    }

    private static async Task<CreatedWebhook> MakeAsync(HttpClient client, string body)
    {
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<CreatedWebhook>(PlatformJson.Options))!;
    }
}
