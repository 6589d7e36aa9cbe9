using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Threads;

namespace AgentSystem.Tests.Api.Runs;

/// <summary>Short ways to the paths of runs.</summary>
internal static class RunClient
{
    public const string Path = "/api/v1/runs";

    public static Task<HttpResponseMessage> PostRunAsync(this HttpClient client, string body) => client.PostAsync(Path, BadInputTests.Json(body));

    public static async Task<RunStarted> BeginAsync(this HttpClient client, string body)
    {
        using var answer = await client.PostRunAsync(body);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<RunStarted>(PlatformJson.Options))!;
    }

    public static Task<RunView> GetRunAsync(this HttpClient client, string id) => client.ReadAsync<RunView>($"{Path}/{id}");

    /// <summary>The run when it has ended.</summary>
    public static Task<RunView> EndedAsync(this HttpClient client, string id) => client.ReadAsync<RunView>($"{Path}/{id}/wait?seconds=60");

    /// <summary>Reads the stream until a certain event, which comes last; null: to its end.</summary>
    public static async Task<IReadOnlyList<SseItem<string>>> EventsAsync(this HttpClient client, string id, string? after = null, string? until = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}/{id}/events");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        await using var body = await answer.Content.ReadAsStreamAsync();
        var events = new List<SseItem<string>>();
        await foreach (var happened in SseParser.Create(body).EnumerateAsync())
        {
            events.Add(happened);
            if (happened.EventType == until)
            {
                break;
            }
        }

        return events;
    }
}
