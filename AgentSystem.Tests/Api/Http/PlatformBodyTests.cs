using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentSystem.Tests.Api.Agents;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Http;

/// <summary>Whatever body or query the platform surface gets, its answer is a 4xx that names the trouble in our words; never a 500.</summary>
public sealed class PlatformBodyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Threads = "/api/v1/threads";

    [Theory]
    [InlineData("/api/v1/agents", "application/json; charset=zz")]
    [InlineData("/api/v1/agents", "application/json; charset=utf-7")]
    [InlineData("/api/v1/agents/assistant/activate", "application/json; charset=\"utf-16\"")]
    [InlineData("/api/v1/keys", "application/json; charset=zz")]
    [InlineData("/api/v1/feedback", "application/json; charset=zz")]
    [InlineData("/api/v1/documents", "application/json; charset=zz")]
    [InlineData("/api/v1/documents/search", "application/json; charset=utf-7")]
    [InlineData("/api/v1/models/small/try", "application/json; charset=zz")]
    [InlineData(Threads, "application/json; charset=zz")]
    [InlineData(Threads, "text/plain")]
    [InlineData(Threads, null)]
    public async Task Post_WithAContentTypeNobodyReads_Answers415NamingTheHeader(string path, string? type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await api.Client().PostAsync(path, content);

        var detail = await AgentsTests.ExpectAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", "Content-Type");
        Assert.Contains("Content-Type", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("APPLICATION/JSON;charset=\"utf-8\"")]
    public async Task Post_InUtf8HoweverWritten_IsRead(string type)
    {
        using var content = new ByteArrayContent([.. "\uFEFF{\"title\":\"ä\"}"u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await api.Client().PostAsync(Threads, content);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "missing_body", null)]
    [InlineData(" ", "missing_body", null)]
    [InlineData("null", "missing_body", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("5", "invalid_json", null)]
    [InlineData("{\"name\":", "invalid_json", null)]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"chat\"", "invalid_json", null)]
    [InlineData("{\"name\":\"x\"}", "invalid_json", "scopes")]
    [InlineData("{\"Name\":\"x\",\"scopes\":[\"chat\"]}", "invalid_json", "Name")]
    [InlineData("{\"name\":\"x\",\"name\":\"y\",\"scopes\":[\"chat\"]}", "invalid_json", "name")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"chat\"],\"it's\":1}", "invalid_json", "it's")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"chat\"],\"limits\":{\"concurrency\":\"3\"}}", "invalid_json", "limits.concurrency")]
    [InlineData("{\"name\":\"x\\u0000\",\"scopes\":[\"chat\"]}", "invalid_unicode", "name")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"chat\",\"\\ud800\"]}", "invalid_unicode", "scopes[1]")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"chat\"],\"limits\":{\"\\u0000\":1}}", "invalid_unicode", "limits")]
    public async Task Post_AWrongKey_Answers400AndNamesTheMember(string body, string code, string? param)
    {
        using var answer = await api.Client().PostAsync("/api/v1/keys", BadInputTests.Json(body));

        var detail = await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, code, param);
        Assert.DoesNotContain("parameter", detail, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/api/v1/feedback", "{\"agent\":\"assistant\",\"rating\":\"5\"}", "invalid_json", "rating")]
    [InlineData("/api/v1/feedback", "{\"agent\":\"assistant\",\"rating\":5,\"comment\":\"\\u0000\"}", "invalid_unicode", "comment")]
    [InlineData("/api/v1/models/small/try", "{\"prompt\":\"\\u0000\"}", "invalid_unicode", "prompt")]
    [InlineData("/api/v1/threads/thread_none/messages", "{\"role\":\"user\",\"text\":\"a\\u0000b\"}", "invalid_unicode", "text")]
    [InlineData(Threads, "{\"metadata\":{\"a\":\"1\",\"a\":\"2\"}}", "invalid_json", "a")]
    public async Task Post_AWrongMember_Answers400AndNamesIt(string path, string body, string code, string param)
    {
        using var answer = await api.Client().PostAsync(path, BadInputTests.Json(body));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, code, param);
    }

    [Fact]
    public async Task Post_AnUnknownMemberWithALongName_IsNamedUpToALimit()
    {
        using var answer = await api.Client().PostAsync(Threads, BadInputTests.Json($"{{\"{new string('n', 5_000)}\":1}}"));

        var detail = await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid_json", new string('n', 200) + "…");
        Assert.Contains("not known", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ATextOfMoreThanOneMegabyte_Answers413()
    {
        using var answer = await api.Client().PostAsync("/api/v1/threads/thread_none/messages", BadInputTests.Json($"{{\"role\":\"user\",\"text\":\"{new string('a', 1_100_000)}\"}}"));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.RequestEntityTooLarge, "text_too_long", "text");
    }

    [Fact]
    public async Task Post_NestedTooDeep_Answers400()
    {
        using var answer = await api.Client().PostAsync("/api/v1/agents", BadInputTests.Json("{\"memory\":" + new string('[', 70) + new string(']', 70) + "}"));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "json_too_deep", null);
    }

    [Fact]
    public async Task Post_InvalidUtf8_Answers400()
    {
        using var content = new ByteArrayContent([.. "{\"title\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await api.Client().PostAsync(Threads, content);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid_utf8", null);
    }

    [Fact]
    public async Task Post_MoreThanTwentyMegabytesWithoutALength_Answers413()
    {
        using var content = new StringContent("{\"title\":\"" + new string('a', 21 * 1024 * 1024) + "\"}", Encoding.UTF8, "application/json");
        content.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, Threads) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;
        using var answer = await api.Client().SendAsync(request);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large", null);
    }

    [Theory]
    [InlineData("/api/v1/agents?q=%00", "invalid_value", "q")]
    [InlineData("/api/v1/documents?q=a%00b", "invalid_value", "q")]
    [InlineData("/api/v1/documents?agent=%00", "invalid_value", "agent")]
    [InlineData("/api/v1/threads?user=%00", "invalid_value", "user")]
    [InlineData("/api/v1/documents?cursor=AA", "invalid_cursor", "cursor")]
    [InlineData("/api/v1/agents?cursor=AA", "invalid_cursor", "cursor")]
    [InlineData("/api/v1/models?cursor=AA", "invalid_cursor", "cursor")]
    [InlineData("/api/v1/documents?cursor=enp6", "invalid_cursor", "cursor")]
    [InlineData("/api/v1/agents?cursor=77-9", "invalid_cursor", "cursor")]
    public async Task Get_WithAQueryNoRowCanMatch_Answers400AndNamesIt(string path, string code, string param)
    {
        using var answer = await api.Client().GetAsync(path);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, code, param);
    }

    [Fact]
    public async Task Post_WithoutAKey_IsRefusedBeforeTheBodyIsLookedAt()
    {
        using var answer = await api.Client(null).PostAsync(Threads, BadInputTests.Json("{"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task OpenApi_EveryPlatformOperation_SaysHowItFails()
    {
        using var document = JsonDocument.Parse(await api.Client(null).GetStringAsync("/openapi/v1.json"));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Value))).ToList();

        Assert.NotEmpty(operations);
        Assert.All(operations, each =>
        {
            foreach (var status in new[] { "400", "401", "403", "503" }.Concat(each.Name.Contains('{', StringComparison.Ordinal) ? ["404"] : []))
            {
                Assert.True(each.Value.GetProperty("responses").GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _), $"{each.Name} {status}");
            }
        });
        string[] paged = ["ListAgents", "ListAgentVersions", "ListThreads", "ListThreadMessages", "ListDocuments", "ListConfiguredModels", "ListBreakers"];
        var lists = operations.Where(each => paged.Contains(each.Value.GetProperty("operationId").GetString())).ToList();
        Assert.Equal(paged.Length, lists.Count);
        Assert.All(lists, each => Assert.Superset(new HashSet<string> { "limit", "cursor" }, each.Value.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!).ToHashSet()));
    }
}
