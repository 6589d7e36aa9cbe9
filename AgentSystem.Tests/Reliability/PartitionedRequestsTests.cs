using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>What callers of an API hear whose network to PostgreSQL is broken, and that it needs nobody's help when it is whole again.</summary>
public sealed class PartitionedRequestsTests(TestPostgres postgres)
{
    private const int Callers = 40;

    /// <summary>What the health paths may take while callers' cancelled statements hold threads of the pool, on a busy machine.</summary>
    private static readonly TimeSpan Health = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData((int)Way.Both)]
    [InlineData((int)Way.ToClient)]
    public async Task Requests_WithoutAWayToTheDatabase_AreAnswered503InTimeAndServedAgainAfterwards(int ways)
    {
        await using var api = await ApiOverNetwork.StartAsync(postgres);
        using var client = api.Client();
        Assert.All(await AskAllAsync(client), static told => Assert.Equal(HttpStatusCode.OK, told.Status));
        api.Network.Cut((Way)ways);

        var asked = AskAllAsync(client);
        var ready = SendAsync(client, "/ready");
        var slowest = TimeSpan.Zero;
        while (!asked.IsCompleted)
        {
            var (status, _, _, took) = await SendAsync(client, "/alive");
            Assert.Equal(HttpStatusCode.OK, status);
            slowest = took > slowest ? took : slowest;
            await Task.WhenAny(asked, Task.Delay(100));
        }

        var answers = await asked;
        Assert.All(answers, static told => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (told.Status, told.Hint)));
        // A change does not come as far as its store: its entry in the audit log cannot be kept.
        Assert.All(answers, static told => Assert.Contains(told.Code, (string?[])["store_unavailable", "audit_unavailable"]));
        Assert.All(answers, static told => Assert.InRange(told.Took, TimeSpan.Zero, ApiOverNetwork.Bound));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ready).Status);
        Assert.InRange((await ready).Took, TimeSpan.Zero, Health);
        Assert.InRange(slowest, TimeSpan.Zero, Health);

        api.Network.Heal();
        var healed = Stopwatch.GetTimestamp();
        while ((await SendAsync(client, "/ready")).Status != HttpStatusCode.OK)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(healed), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }

        Assert.All(await AskAllAsync(client), static told => Assert.Equal(HttpStatusCode.OK, told.Status));
        TestContext.Current.TestOutputHelper?.WriteLine($"Slowest answer {answers.Max(static told => told.Took)}, of /alive {slowest}, of /ready {(await ready).Took}; ready again after {Stopwatch.GetElapsedTime(healed)}.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StrongUpdate_CutOffAtItsCommit_IsUnknownAndFoundOutByTheSameRequestAgain(bool delivered)
    {
        await using var api = await ApiOverNetwork.StartAsync(postgres);
        using var client = api.Client();
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(client, "first")).Status);

        // The new value goes out in one round trip with the commit.
        api.Network.CutWhenSent(delivered ? Way.ToClient : Way.Both, delivered, "a-mark");

        var told = await PatchAsync(client, "a-mark");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "outcome_unknown", true), (told.Status, told.Code, told.Hint));
        Assert.InRange(told.Took, TimeSpan.Zero, ApiOverNetwork.Bound);
        api.Network.Heal();
        await AgainAsync(async () => (await PatchAsync(client, "a-mark")).Status == HttpStatusCode.OK);
        var state = await client.GetFromJsonAsync<JsonElement>("/api/v1/state/assistant/cut");
        Assert.Equal(["first", "a-mark"], state.GetProperty("state").GetProperty("items").EnumerateArray().Select(static item => item.GetString()));
    }

    [Fact]
    public async Task StrongUpdate_CutOffBeforeItsCommit_IsNotKept()
    {
        await using var api = await ApiOverNetwork.StartAsync(postgres);
        using var client = api.Client();
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(client, "first")).Status);

        // The key is locked and read in the round trip before.
        api.Network.CutWhenSent(Way.ToClient, true, "items");

        var told = await PatchAsync(client, "a-mark");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable", true), (told.Status, told.Code, told.Hint));
        api.Network.Heal();
        await AgainAsync(async () => (await PatchAsync(client, "last")).Status == HttpStatusCode.OK);
        var state = await client.GetFromJsonAsync<JsonElement>("/api/v1/state/assistant/cut");
        Assert.Equal(["first", "last"], state.GetProperty("state").GetProperty("items").EnumerateArray().Select(static item => item.GetString()));
    }

    private static async Task AgainAsync(Func<Task<bool>> succeeds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await succeeds())
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, ApiOverNetwork.Bound);
        }
    }

    private static Task<Told[]> AskAllAsync(HttpClient client) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => (caller % 4) switch
    {
        0 => SendAsync(client, "/api/v1/runs"),
        1 => SendAsync(client, "/api/v1/state?limit=1"),
        2 => PatchAsync(client, $"{caller}", "crowd"),
        _ => SendAsync(client, "/v1/chat/completions", new { model = "assistant", messages = new[] { new { role = "user", content = $"hello {caller}" } } }),
    }));

    /// <summary>Appends an item, under an Idempotency-Key that is the item.</summary>
    private static Task<Told> PatchAsync(HttpClient client, string item, string session = "cut")
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/state/assistant/" + session) { Content = BadInputTests.Json($$"""{"updates":[{"key":"items","value":["{{item}}"],"strategy":"append"}]}""") };
        request.Headers.Add("Idempotency-Key", session + item);
        return SendAsync(client, request);
    }

    private static Task<Told> SendAsync(HttpClient client, string path, object? body = null) => SendAsync(
        client, new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) });

    private static async Task<Told> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        var began = Stopwatch.GetTimestamp();
        using (request)
        {
            using var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            return new Told(answer.StatusCode, Code(body), answer.Headers.RetryAfter is not null, Stopwatch.GetElapsedTime(began));
        }
    }

    /// <summary>The code, in either surface's shape.</summary>
    private static string? Code(string body)
    {
        if (!body.StartsWith('{'))
        {
            return null;
        }

        using var read = JsonDocument.Parse(body);
        var problem = read.RootElement.TryGetProperty("error", out var envelope) ? envelope : read.RootElement;
        return problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private sealed record Told(HttpStatusCode Status, string? Code, bool Hint, TimeSpan Took);
}
