using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Threads;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Api.Threads;

/// <summary>The paths of threads: what they keep, what they refuse, and whom they show it.</summary>
public sealed class ThreadsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = ThreadClient.Path;

    [Fact]
    public async Task Post_AThread_CanBeReadChangedExportedAndDeleted()
    {
        using var client = api.Client();
        var made = await client.StartAsync("""{"agent":"assistant","user":"lifecycle","title":" My talk ","metadata":{"a":"1"}}""");
        Assert.Equal(("assistant", "lifecycle", "My talk", 0), (made.Agent, made.User, made.Title, made.Messages));

        using var changed = await client.PatchAsync($"{Path}/{made.Id}", BadInputTests.Json("""{"title":"Renamed"}"""));
        var now = (await changed.Content.ReadFromJsonAsync<ThreadView>(PlatformJson.Options))!;
        Assert.Equal(("Renamed", "1"), (now.Title, now.Metadata["a"]));

        using var first = await client.AddAsync(made.Id, "user", "hello");
        using var second = await client.AddAsync(made.Id, "assistant", "hi");
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(2, (await client.ReadAsync<ThreadView>($"{Path}/{made.Id}")).Messages);

        using var file = await client.GetAsync($"{Path}/{made.Id}/export");
        var export = (await file.Content.ReadFromJsonAsync<ThreadExport>(PlatformJson.Options))!;
        Assert.Equal($"{made.Id}.json", file.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal([(1, "user", "hello"), (2, "assistant", "hi")], export.Messages.Select(m => (m.Index, m.Role, m.Text)));

        using var gone = await client.DeleteAsync($"{Path}/{made.Id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await using var left = api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"SELECT count(*) FROM agentsystem.thread_messages WHERE thread_id = '{made.Id}'");
        Assert.Equal(0L, await left.ExecuteScalarAsync());
        await ExpectNowhereAsync(client, made.Id);
    }

    [Theory]
    [InlineData("""{"title":""}""", "title")]
    [InlineData("""{"title":"x\u0000"}""", "title")]
    [InlineData("""{"user":""}""", "user")]
    [InlineData("""{"user":"key:admin"}""", "user")]
    [InlineData("""{"metadata":{"":"x"}}""", "metadata")]
    [InlineData("""{"agent":"nobody"}""", "agent")]
    [InlineData("""{"agent":"model:nothing"}""", "agent")]
    [InlineData("""{"surprise":1}""", "surprise")]
    public async Task Post_WrongBody_Answers400AndNamesTheMember(string body, string member)
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"title":5}""")]
    [InlineData("""{"title":"half \ud800 pair"}""")]
    [InlineData("""{"metadata":{"a":1}}""")]
    public async Task Post_UnreadableBody_Answers400(string body)
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("system", "hi", "role")]
    [InlineData("king", "hi", "role")]
    [InlineData("user", " ", "text")]
    [InlineData("user", "\0", "text")]
    public async Task PostMessage_WrongOne_Answers400AndNamesTheMember(string role, string text, string member)
    {
        using var client = api.Client();
        using var answer = await client.AddAsync((await client.StartAsync()).Id, role, text);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_AnIdWithU0000_Answers400()
    {
        using var answer = await api.Client().GetAsync($"{Path}/%00");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task PostMessage_LongerThanAllowed_Answers400()
    {
        using var client = api.Client();
        using var answer = await client.AddAsync((await client.StartAsync()).Id, "user", new string('x', 100_001));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task AnyPath_OfAnotherTenantsThreadOrNone_AnswersTheSame404()
    {
        await using var insert = api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"""
            INSERT INTO agentsystem.tenants (tenant_id) VALUES ('elsewhere');
            INSERT INTO agentsystem.threads (tenant_id, id, user_name, title, metadata, created_at, updated_at) VALUES ('elsewhere', 'thread_theirs', 'user:u', 'foreignword', '{"{}"}', now(), now());
            """);
        await insert.ExecuteNonQueryAsync();
        using var client = api.Client();

        await ExpectNowhereAsync(client, "thread_theirs");
        await ExpectNowhereAsync(client, "thread_none");
        Assert.Empty((await client.ListAsync("?q=foreignword")).Data);
    }

    [Fact]
    public async Task AnyPath_OfAnotherUsersThread_DoesNotExistForABoundKey()
    {
        using var admin = api.Client();
        var theirs = await admin.StartAsync("""{"user":"them","title":"secretword"}""");
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.ThreadsRead, Scopes.ThreadsWrite, Scopes.Chat], User: "me"));
        var mine = await bound.StartAsync("""{"title":"secretword"}""");

        await ExpectNowhereAsync(bound, theirs.Id);
        Assert.Equal("me", mine.User);
        Assert.Equal([mine.Id], (await bound.ListAsync("")).Data.Select(t => t.Id));
        Assert.Equal([mine.Id], (await bound.ListAsync("?q=secretword")).Data.Select(t => t.Id));
        using var named = await bound.GetAsync(Path + "?user=them");
        Assert.Equal(HttpStatusCode.Forbidden, named.StatusCode);
    }

    [Fact]
    public async Task AnyPath_WithoutItsScope_Answers403()
    {
        using var chat = await api.ChatClientAsync();
        using var reader = await api.ClientWithAsync(new CreateKey("reader", [Scopes.ThreadsRead]));
        using var list = await chat.GetAsync(Path);
        using var start = await reader.PostAsync(Path, BadInputTests.Json("{}"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (list.StatusCode, start.StatusCode));
    }

    private static async Task ExpectNowhereAsync(HttpClient client, string id)
    {
        HttpRequestMessage[] requests =
        [
            new(HttpMethod.Get, $"{Path}/{id}"), new(HttpMethod.Get, $"{Path}/{id}/messages"), new(HttpMethod.Get, $"{Path}/{id}/export"), new(HttpMethod.Delete, $"{Path}/{id}"),
            new(HttpMethod.Patch, $"{Path}/{id}") { Content = BadInputTests.Json("""{"title":"x"}""") },
            new(HttpMethod.Post, $"{Path}/{id}/messages") { Content = BadInputTests.Json("""{"role":"user","text":"x"}""") },
        ];
        foreach (var request in requests)
        {
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("thread_not_found", await answer.Content.ReadAsStringAsync());
        }

        using var chat = await client.ChatAsync(id, "hi");
        Assert.Equal(HttpStatusCode.NotFound, chat.StatusCode);
        Assert.Contains("thread_not_found", await chat.Content.ReadAsStringAsync());
    }
}
