using System.Net;
using System.Text;
using System.Text.Json;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Chat;

/// <summary>Whatever a client sends, it gets a clear 4xx that names the trouble; never a 500.</summary>
public sealed class BadInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/v1/chat/completions";

    [Theory]
    [InlineData("{", "invalid_json", null)]
    [InlineData("", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "missing_member", "model")]
    [InlineData("{\"model\":\"assistant\"}", "missing_member", "messages")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[]}", "missing_member", "messages")]
    [InlineData("{\"model\":\"assistant\",\"messages\":\"hi\"}", "invalid_value", "messages")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[{\"role\":\"king\",\"content\":\"hi\"}]}", "invalid_value", "messages[0].role")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\"}]}", "invalid_value", "messages[0].content")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "invalid_value", "messages[0].tool_call_id")]
    [InlineData("{\"model\":\"assistant\",\"max_tokens\":-1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "max_tokens")]
    [InlineData("{\"model\":\"assistant\",\"temperature\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "temperature")]
    [InlineData("{\"model\":\"assistant\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "stream")]
    [InlineData("{\"model\":\"assistant\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "unsupported_value", "n")]
    [InlineData("{\"model\":\"assistant\",\"tools\":[{\"type\":\"function\"}],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "tools[0]")]
    [InlineData("{\"model\":\"assistant\",\"tool_choice\":\"maybe\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "tool_choice")]
    [InlineData("{\"model\":\"assistant\",\"tool_choice\":\"required\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "tool_choice")]
    [InlineData("{\"model\":\"assistant\",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "tool_choice")]
    [InlineData("{\"model\":\"assistant\",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}},\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "tool_choice")]
    [InlineData("{\"model\":\"assistant\",\"response_format\":{\"type\":\"xml\"},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "response_format")]
    [InlineData("{\"model\":\"assistant\",\"stop\":\"\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "stop")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"half \\ud800 pair\"}]}", "invalid_unicode", "messages[0].content")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"\\udc00\\ud800\"}]}", "invalid_unicode", "messages[0].content")]
    [InlineData("{\"model\":\"assistant\",\"\\ud800\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_unicode", null)]
    [InlineData("{\"model\":\"assist\\u0000ant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_unicode", "model")]
    [InlineData("{\"model\":\"assistant\",\"user\":\"u\\u0000\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_unicode", "user")]
    [InlineData("{\"model\":\"assistant\",\"user\":\"key:admin\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "invalid_value", "user")]
    [InlineData("{\"model\":\"assistant\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"\\\\ud800\\\"}\"}}]}]}", "invalid_value", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("{\"model\":\"assistant\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"calculator\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "tool_name_taken", "tools")]
    public async Task Post_WrongBody_Answers400AndNamesTheMember(string body, string code, string? param)
    {
        using var answer = await api.Client().PostAsync(Path, Json(body));

        await Expect(answer, HttpStatusCode.BadRequest, code, param);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("true")]
    [InlineData("""{"type":"zzz"}""")]
    [InlineData("""{"type":[]}""")]
    [InlineData("""{"type":"string","pattern":"(("}""")]
    [InlineData("""{"properties":{"a":{"items":{"anyOf":[]}}}}""")]
    [InlineData("""{"properties":[]}""")]
    [InlineData("""{"required":"a"}""")]
    [InlineData("""{"enum":{}}""")]
    [InlineData("""{"maxLength":-1}""")]
    public async Task Post_AResponseSchemaThatIsNone_Answers400AndNamesIt(string schema)
    {
        using var answer = await api.Client().PostAsync(
            Path, Json("""{"model":"assistant","messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":""" + schema + "}}}"));

        await Expect(answer, HttpStatusCode.BadRequest, "invalid_value", "response_format.json_schema.schema");
    }

    [Fact]
    public async Task Post_UnknownAgent_Answers404()
    {
        using var answer = await api.Client().PostAsync(Path, Json("{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));

        await Expect(answer, HttpStatusCode.NotFound, "model_not_found", "model");
    }

    [Fact]
    public async Task Post_InvalidUtf8_Answers400()
    {
        byte[] body = [.. "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];
        using var content = new ByteArrayContent(body);
        using var answer = await api.Client().PostAsync(Path, content);

        await Expect(answer, HttpStatusCode.BadRequest, "invalid_utf8", null);
    }

    [Fact]
    public async Task Post_ASchemaOfFiftyThousandParameters_Answers400()
    {
        var properties = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"p{i}\":{{}}"));
        using var answer = await api.Client().PostAsync(Path, Json(
            "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"x\",\"parameters\":{\"type\":\"object\",\"properties\":{" + properties + "}}}}]}"));

        await Expect(answer, HttpStatusCode.BadRequest, "invalid_value", "tools[0].function.parameters");
    }

    [Fact]
    public async Task Post_DepthBomb_Answers400()
    {
        using var answer = await api.Client().PostAsync(Path, Json("{\"model\":" + new string('[', 100_000)));

        await Expect(answer, HttpStatusCode.BadRequest, "json_too_deep", null);
    }

    [Fact]
    public async Task Post_TextOfFiveMegabytes_Answers413()
    {
        var text = new string('a', 5 * 1024 * 1024);
        using var answer = await api.Client().PostAsync(Path, Json($"{{\"model\":\"assistant\",\"messages\":[{{\"role\":\"user\",\"content\":\"{text}\"}}]}}"));

        await Expect(answer, HttpStatusCode.RequestEntityTooLarge, "text_too_long", "messages[0].content");
    }

    [Fact]
    public async Task Post_BodyOverTwentyMegabytes_Answers413BeforeItIsRead()
    {
        using var content = new StreamContent(new NeverEnding());
        content.Headers.ContentLength = 21 * 1024 * 1024;
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        request.Headers.ExpectContinue = true;
        using var answer = await api.Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("as-wrong")]
    [InlineData("")]
    public async Task Post_NoKeyOrAWrongOne_Answers401(string? key)
    {
        using var client = api.Client(null);
        if (key is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        using var answer = await client.PostAsync(Path, Json("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));

        await Expect(answer, HttpStatusCode.Unauthorized, "invalid_api_key", null);
    }

    [Fact]
    public async Task Post_UnknownMembers_AreIgnored()
    {
        using var answer = await api.Client().PostAsync(Path, Json("{\"model\":\"assistant\",\"frobnicate\":{\"deep\":[1]},\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"name\":\"x\"}]}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static async Task Expect(HttpResponseMessage answer, HttpStatusCode status, string code, string? param)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, answer.StatusCode);
        using var json = JsonDocument.Parse(text);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(answer.Headers.GetValues("x-request-id"));
    }

    /// <summary>A body whose first byte is never asked for by a server that refuses by the stated length.</summary>
    private sealed class NeverEnding : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Clear();
            return new(buffer.Length);
        }
    }
}
