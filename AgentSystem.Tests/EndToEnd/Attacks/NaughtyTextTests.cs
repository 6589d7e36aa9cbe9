using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>Naughty texts in every path, every query and every text of every body: never a 5xx, never somebody else's answer, and what is kept comes back as it was.</summary>
public sealed class NaughtyTextTests(FuzzedApi api) : IClassFixture<FuzzedApi>
{
    /// <summary>Requests under way at once: enough to be quick, few enough to be fair to whatever else the machine does.</summary>
    private const int AtOnce = 6;

    /// <summary>Each text meets a fifth of the endpoints, and each endpoint a fifth of the texts, others for each neighbour; with <c>AGENTSYSTEM_ATTACKS=all</c> everything meets everything.</summary>
    private static readonly int Share = Environment.GetEnvironmentVariable("AGENTSYSTEM_ATTACKS") == "all" ? 1 : 5;

    /// <summary>Members of bodies that have no text of their own choosing, with what they hold while the others are tried.</summary>
    private static readonly Dictionary<string, JsonNode> Fixed = new(StringComparer.Ordinal)
    {
        ["scopes"] = new JsonArray("chat"), ["window"] = "day", ["on_exceeded"] = "stop", ["decision"] = "reject", ["role"] = "user", ["strategy"] = "replace", ["consistency"] = "strong", ["source"] = "user", ["model"] = "small",
    };

    [Fact]
    public void Texts_AreManyAndNoneIsThereTwice() => Assert.InRange(NaughtyTexts.All.Distinct(StringComparer.Ordinal).Count(), 200, NaughtyTexts.All.Count);

    [Fact]
    public async Task EveryPathAndQuery_WithEachOfThem_NeverFailsAndFindsNothing()
    {
        var endpoints = ApiEndpoint.Of(api).Where(static endpoint => endpoint is { IsPublic: false, Body: null } && (endpoint.Parameters.Count > 0 || endpoint.Method == "GET")).ToArray();
        Assert.True(endpoints.Length > 25);
        var jobs = Pairs(endpoints).Where(static job => job.text.Length < 1_100);
        var wrong = await TryAsync(jobs, static job =>
        {
            var query = job.endpoint.Method == "GET" ? $"?limit=1&cursor={Uri.EscapeDataString(job.text)}&user={Uri.EscapeDataString(job.text)}&agent={Uri.EscapeDataString(job.text)}&key={Uri.EscapeDataString(job.text)}" : "";
            return new HttpRequestMessage(new HttpMethod(job.endpoint.Method), job.endpoint.Path(_ => job.text) + query);
        }, static (job, status) => (int)status < 500 && !(job.endpoint.Method != "GET" && job.endpoint.Parameters.Count > 0 && (int)status is >= 200 and < 300 && IsNobodys(job.text)));

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
    }

    [Fact]
    public async Task EveryTextOfEveryBody_WithEachOfThem_NeverFails()
    {
        var endpoints = ApiEndpoint.Of(api).Where(static endpoint => endpoint is { ReadsJson: true, Body.RequestType: not null } && endpoint.Pattern.StartsWith("/api/v1/", StringComparison.Ordinal)).ToArray();
        var wrong = await TryAsync(Pairs(endpoints), static job => new HttpRequestMessage(new HttpMethod(job.endpoint.Method), job.endpoint.Path(static name => name == "id" ? "none" : "assistant"))
        {
            Content = Json(Fill(job.endpoint.Body!.RequestType!, job.text)),
        }, static (_, status) => (int)status < 500);

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
    }

    [Fact]
    public async Task OpenAIsTexts_WithEachOfThem_NeverFail()
    {
        // One that repeats what it is asked would have nothing to say to a text of which nothing is left.
        api.Model.Otherwise = static _ => Turn.Says("Understood.");
        var jobs = from path in new[] { "/v1/chat/completions", "/v1/responses", "/v1/embeddings" } from text in NaughtyTexts.All select (endpoint: path, text);
        var wrong = await TryAsync(jobs, static job => new HttpRequestMessage(HttpMethod.Post, job.endpoint)
        {
            Content = Json(new JsonObject
            {
                ["model"] = job.text.Length % 2 == 0 ? "assistant" : job.text, ["user"] = job.text, ["input"] = job.text, ["stop"] = job.text,
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = job.text, ["name"] = job.text }),
                ["metadata"] = new JsonObject { ["note"] = job.text },
            }),
        }, static (_, status) => (int)status < 500);

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
    }

    [Fact]
    public async Task Texts_ThatAreKept_ComeBackAsTheyWere()
    {
        using var client = api.Client();
        var kept = 0;
        foreach (var text in NaughtyTexts.All.Where(static text => text.Trim().Length > 0))
        {
            using var made = await client.PostAsync("/api/v1/threads", Json(new JsonObject { ["metadata"] = new JsonObject { ["note"] = text } }));
            if (!made.IsSuccessStatusCode)
            {
                Assert.InRange((int)made.StatusCode, 400, 499);
                continue;
            }

            using var json = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
            Assert.Equal(text, json.RootElement.GetProperty("metadata").GetProperty("note").GetString());
            kept++;
        }

        Assert.InRange(kept, 150, NaughtyTexts.All.Count);
    }

    [Theory]
    [InlineData("../../../../tmp/agentsystem-traversal.txt")]
    [InlineData("..\\..\\agentsystem-traversal.txt")]
    [InlineData("/tmp/agentsystem-traversal.txt")]
    [InlineData("a\0b.txt")]
    [InlineData("con.txt")]
    public async Task Document_WhoseNameIsAPath_IsATitleAndNoFile(string name)
    {
        using var form = new MultipartFormDataContent("boundary");
        var file = new ByteArrayContent("words in a file"u8.ToArray());
        file.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        file.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{name.Replace("\0", "", StringComparison.Ordinal)}\"");
        form.Add(file);
        using var answer = await api.Client().PostAsync("/api/v1/documents", form);

        Assert.InRange((int)answer.StatusCode, 200, 499);
        Assert.False(File.Exists("/tmp/agentsystem-traversal.txt"));
    }

    private static IEnumerable<(ApiEndpoint endpoint, string text)> Pairs(ApiEndpoint[] endpoints) =>
        from endpoint in endpoints.Index()
        from text in NaughtyTexts.All.Index()
        where (endpoint.Index + text.Index) % Share == 0
        select (endpoint.Item, text.Item);

    /// <summary>No thing of the API has such a name; those a caller may choose (agents, sessions) are words.</summary>
    private static bool IsNobodys(string text) => text.Any(static letter => letter is '\'' or '"' or '<' or '\\' or ';' or '$');

    private static JsonObject Fill(Type type, string text)
    {
        var body = new JsonObject();
        foreach (var member in ApiEndpoint.MembersOf(type))
        {
            JsonNode? value = Fixed.TryGetValue(member.Name, out var set) ? set.DeepClone()
                : member.PropertyType == typeof(string) ? text
                : member.PropertyType == typeof(IReadOnlyList<string>) ? new JsonArray(text)
                : typeof(IReadOnlyDictionary<string, string>).IsAssignableFrom(member.PropertyType) ? new JsonObject { ["note"] = text }
                : member.PropertyType == typeof(JsonElement) || member.PropertyType == typeof(JsonElement?) ? text
                : member.PropertyType == typeof(int) || member.PropertyType == typeof(decimal) ? 1
                : null;
            if (value is not null)
            {
                body[member.Name] = value;
            }
        }

        return body;
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private async Task<IReadOnlyCollection<string>> TryAsync<T>(IEnumerable<(T, string)> jobs, Func<(T endpoint, string text), HttpRequestMessage> request, Func<(T endpoint, string text), System.Net.HttpStatusCode, bool> isRight)
    {
        using var client = api.Client();
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (job, cancellation) =>
        {
            using var asked = request(job);
            // A stream is left as soon as it has begun.
            using var answer = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!isRight(job, answer.StatusCode))
            {
                wrong.Enqueue($"{job.Item1} with {JsonSerializer.Serialize(job.Item2)[..Math.Min(60, JsonSerializer.Serialize(job.Item2).Length)]}: {(int)answer.StatusCode}");
            }
        });
        return wrong;
    }
}
