using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Tests.Api.Chat;

namespace AgentSystem.Tests.Api.Threads;

/// <summary>Short ways to the paths of threads.</summary>
internal static class ThreadClient
{
    public const string Path = "/api/v1/threads";

    public static async Task<ThreadView> StartAsync(this HttpClient client, string body = "{}")
    {
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<ThreadView>(PlatformJson.Options))!;
    }

    public static async Task<T> ReadAsync<T>(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>(PlatformJson.Options))!;
    }

    public static Task<ListPage<ThreadView>> ListAsync(this HttpClient client, string query) => client.ReadAsync<ListPage<ThreadView>>(Path + query);

    public static async Task<IReadOnlyList<MessageView>> MessagesAsync(this HttpClient client, string id) => (await client.ReadAsync<ListPage<MessageView>>($"{Path}/{id}/messages")).Data;

    public static Task<HttpResponseMessage> AddAsync(this HttpClient client, string id, string role, string text) =>
        client.PostAsJsonAsync($"{Path}/{id}/messages", new AddMessage(role, text), PlatformJson.Options);

    /// <summary>A chat call on a thread; <paramref name="more"/> are further members of the body.</summary>
    public static Task<HttpResponseMessage> ChatAsync(this HttpClient client, string thread, string text, string more = "") =>
        client.PostAsync("/v1/chat/completions", BadInputTests.Json($$"""{"model":"assistant","messages":[{"role":"user","content":"{{text}}"}],"metadata":{"thread_id":"{{thread}}"}{{more}}}"""));

    public static string ThreadOf(HttpResponseMessage answer) => answer.Headers.GetValues("x-agentsystem-thread").Single();
}
