using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Threads;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Api.Http.Idempotency;

/// <summary>POSTs of the platform's surface with an <c>Idempotency-Key</c>.</summary>
public sealed class IdempotentPlatformTests(IdempotentApi api) : IClassFixture<IdempotentApi>
{
    [Fact]
    public async Task PostThread_Again_BeginsOneThreadOnly()
    {
        using var client = api.Client();
        const string body = """{"title":"only once"}""";
        using var first = await IdempotentApi.PostAsync(client, ThreadClient.Path, "t1", body);
        using var second = await IdempotentApi.PostAsync(client, ThreadClient.Path, "t1", body);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        var (one, two) = (await first.Content.ReadFromJsonAsync<ThreadView>(PlatformJson.Options), await second.Content.ReadFromJsonAsync<ThreadView>(PlatformJson.Options));
        Assert.Equal(one!.Id, two!.Id);
        Assert.Single((await client.ListAsync("?q=\"only once\"")).Data);
    }

    [Fact]
    public async Task PostThread_AnotherBody_AnswersAProblem422()
    {
        using var client = api.Client();
        using var first = await IdempotentApi.PostAsync(client, ThreadClient.Path, "t2", """{"title":"a"}""");
        using var second = await IdempotentApi.PostAsync(client, ThreadClient.Path, "t2", """{"title":"b"}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (second.StatusCode, second.Content.Headers.ContentType!.MediaType));
        Assert.Contains("idempotency_key_reused", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostMessage_TheSameKeyOnAnotherThread_IsAnotherRequest()
    {
        using var client = api.Client();
        var (one, two) = (await client.StartAsync(), await client.StartAsync());
        const string body = """{"role":"user","text":"hello"}""";
        using var first = await IdempotentApi.PostAsync(client, $"{ThreadClient.Path}/{one.Id}/messages", "m1", body);
        using var second = await IdempotentApi.PostAsync(client, $"{ThreadClient.Path}/{two.Id}/messages", "m1", body);
        using var again = await IdempotentApi.PostAsync(client, $"{ThreadClient.Path}/{two.Id}/messages", "m1", body);

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created], [first.StatusCode, second.StatusCode, again.StatusCode]);
        Assert.Equal((1, 1), ((await client.MessagesAsync(one.Id)).Count, (await client.MessagesAsync(two.Id)).Count));
    }

    [Fact]
    public async Task PostKey_Again_ShowsTheKeyWithoutItsSecretWhichIsNowhereInTheDatabase()
    {
        using var client = api.Client();
        const string body = """{"name":"shown once","scopes":["chat"]}""";
        using var first = await IdempotentApi.PostAsync(client, "/api/v1/keys", "k1", body);
        using var second = await IdempotentApi.PostAsync(client, "/api/v1/keys", "k1", body);

        using var one = JsonDocument.Parse(await first.Content.ReadAsStringAsync());
        using var two = JsonDocument.Parse(await second.Content.ReadAsStringAsync());
        var secret = one.RootElement.GetProperty("key").GetString()!;
        Assert.Equal(one.RootElement.GetProperty("id").GetString(), two.RootElement.GetProperty("id").GetString());
        Assert.Equal("shown once", two.RootElement.GetProperty("details").GetProperty("name").GetString());
        Assert.False(two.RootElement.TryGetProperty("key", out _));
        // What is recorded is sealed: looked at are the answers as whoever has the keys reads them.
        await using var recorded = api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT id FROM agentsystem.recordings WHERE tenant_id = 'default' AND events > 0");
        await using var ids = await recorded.ExecuteReaderAsync();
        var answers = new StringBuilder();
        while (await ids.ReadAsync())
        {
            foreach (var part in (await api.Services.GetRequiredService<IRecordingStore>().ReadAsync(new RecordingKey("default", ids.GetString(0)), 0, default))!.Events)
            {
                answers.Append(Encoding.UTF8.GetString(part.Span));
            }
        }

        Assert.Contains("shown once", answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, answers.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostAgent_Again_AnswersCreatedAndNotThatItExists()
    {
        using var client = api.Client();
        const string body = """{"name":"twice","model":"small","instructions":"x"}""";
        using var first = await IdempotentApi.PostAsync(client, "/api/v1/agents", "a1", body);
        using var second = await IdempotentApi.PostAsync(client, "/api/v1/agents", "a1", body);
        using var without = await client.PostAsync("/api/v1/agents", BadInputTests.Json(body));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Conflict], [first.StatusCode, second.StatusCode, without.StatusCode]);
    }

    [Fact]
    public async Task PostDocument_TheSameUploadWithAnotherBoundary_IsTheSameRequest()
    {
        using var client = api.Client();
        using var first = await UploadAsync(client, "first-boundary", "some text to keep");
        using var second = await UploadAsync(client, "second-boundary", "some text to keep");
        using var other = await UploadAsync(client, "third-boundary", "another text");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.True(IdempotentApi.IsReplayed(second));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Post_ABodyThatCannotBeRead_IsRefusedEachTimeAndTheCorrectedOneNeedsAnotherKey()
    {
        using var client = api.Client();
        using var wrong = await IdempotentApi.PostAsync(client, ThreadClient.Path, "w1", """{"titel":"typo"}""");
        using var again = await IdempotentApi.PostAsync(client, ThreadClient.Path, "w1", """{"titel":"typo"}""");
        using var sameKey = await IdempotentApi.PostAsync(client, ThreadClient.Path, "w1", """{"title":"right"}""");
        using var right = await IdempotentApi.PostAsync(client, ThreadClient.Path, "w2", """{"title":"right"}""");

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Created], [wrong.StatusCode, again.StatusCode, sameKey.StatusCode, right.StatusCode]);
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, string boundary, string text)
    {
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        file.Headers.ContentType = new("text/plain");
        using var form = new MultipartFormDataContent(boundary) { { file, "file", "notes.txt" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents") { Content = form };
        request.Headers.Add(IdempotentApi.Header, "upload-1");
        return await client.SendAsync(request);
    }
}
