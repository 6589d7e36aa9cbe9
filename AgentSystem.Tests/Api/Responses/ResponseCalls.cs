using System.Text.Json;
using AgentSystem.Tests.Api.Chat;

namespace AgentSystem.Tests.Api.Responses;

/// <summary>Short ways to the Responses endpoint.</summary>
internal static class ResponseCalls
{
    public const string Path = "/v1/responses";

    /// <summary>A body for the assistant; <paramref name="more"/> are further members.</summary>
    public static string Body(string input, string more = "") => $$"""{"model":"assistant","temperature":0.5,"input":{{input}}{{more}}}""";

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string input, string more = "") =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Path) { Content = BadInputTests.Json(Body(input, more)) }, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>A whole response.</summary>
    public static async Task<JsonElement> RespondAsync(this HttpClient client, string input, string more = "")
    {
        using var answer = await client.SendAsync(input, more);
        return await JsonAsync(answer);
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await JsonAsync(answer);
    }

    /// <summary>Asks until the response has ended.</summary>
    public static async Task<JsonElement> EndedAsync(this HttpClient client, string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (await client.GetJsonAsync($"{Path}/{id}") is var response)
        {
            if (response.Text("status") is not ("queued" or "in_progress"))
            {
                return response;
            }

            await tick.WaitForNextTickAsync(patience.Token);
        }

        throw new InvalidOperationException("Unreachable.");
    }

    /// <summary>The events of a stream, each under the name the line before it gave.</summary>
    public static List<(string Name, JsonElement Data)> Events(string body)
    {
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        return [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(static part => part.StartsWith("event: ", StringComparison.Ordinal)).Select(static part =>
        {
            var lines = part.Split('\n');
            return (lines[0]["event: ".Length..], JsonElement.Parse(lines[1]["data: ".Length..]));
        })];
    }

    public static string? Text(this JsonElement json, string member) => json.GetProperty(member).GetString();

    /// <summary>The text of the first message.</summary>
    public static string? Said(this JsonElement response) => response.GetProperty("output").EnumerateArray().First(static item => item.Text("type") == "message").GetProperty("content")[0].Text("text");

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }
}
