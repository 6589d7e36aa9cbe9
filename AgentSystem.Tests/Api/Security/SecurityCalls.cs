using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Security;

/// <summary>What the tests of security ask of the API.</summary>
internal static class SecurityCalls
{
    public const string Root = "/api/v1/security";

    public static async Task<T> ReadAsync<T>(this HttpClient client, string path) => (await client.GetFromJsonAsync<T>(Root + path, PlatformJson.Options))!;

    public static async Task<T> SendAsync<T>(this HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(Root + path, body, PlatformJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>(PlatformJson.Options))!;
    }

    /// <summary>A new key, and a client that has it.</summary>
    public static async Task<(HttpClient Client, string Id)> KeyAsync(this ApiFixture api, params string[] scopes)
    {
        using var admin = api.Client();
        using var answer = await admin.PostAsJsonAsync("/api/v1/keys", new CreateKey("a caller", scopes.Length == 0 ? [Scopes.Chat] : scopes), PlatformJson.Options);
        var created = (await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!;
        return (api.Client(created.Key), created.Id);
    }

    /// <summary>The answer to a chat request.</summary>
    public static Task<HttpResponseMessage> AskAsync(this HttpClient client, string text = "hello", string model = "assistant", string? user = null) =>
        client.PostAsJsonAsync("/v1/chat/completions", new { model, user, messages = new[] { new { role = "user", content = text } } });

    /// <summary>Asks until the answer is what is waited for; fails when that takes longer than any busy machine needs.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (true)
        {
            var answer = await ask();
            if (wanted(answer))
            {
                return answer;
            }

            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
