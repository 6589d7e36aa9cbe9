using System.Text;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>Bodies that are small to send and large to read: every endpoint refuses them with a 4xx.</summary>
public sealed class JsonBombTests(FuzzedApi api) : IClassFixture<FuzzedApi>
{
    private static readonly Dictionary<string, Func<string>> Bombs = new(StringComparer.Ordinal)
    {
        ["depth of arrays"] = static () => "{\"a\":" + new string('[', 50_000) + new string(']', 50_000) + "}",
        ["depth of objects"] = static () => string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_000),
        ["depth without an end"] = static () => new string('[', 100_000),
        ["a hundred thousand numbers"] = static () => "{\"a\":[" + string.Join(',', Enumerable.Repeat("0", 100_000)) + "]}",
        ["a number of a hundred thousand digits"] = static () => "{\"a\":" + new string('9', 100_000) + "}",
        ["a number beyond all bounds"] = static () => "{\"a\":1e999999999}",
        ["thirty thousand members"] = static () => "{" + string.Join(',', Enumerable.Range(0, 30_000).Select(static i => $"\"m{i}\":0")) + "}",
        ["the same member thirty thousand times"] = static () => "{" + string.Join(',', Enumerable.Repeat("\"name\":\"x\"", 30_000)) + "}",
        ["a name over a megabyte"] = static () => "{\"" + new string('n', 1_100_000) + "\":0}",
        ["a text over a megabyte"] = static () => "{\"name\":\"" + new string('t', 1_100_000) + "\"}",
        ["escapes of half characters"] = static () => "{\"name\":\"" + string.Concat(Enumerable.Repeat("\\ud800", 10_000)) + "\"}",
        ["not a number"] = static () => "{\"a\":NaN}",
        ["a comment"] = static () => "{/* */\"a\":1}",
        ["a comma too many"] = static () => "{\"a\":1,}",
        ["two bodies"] = static () => "{}{}",
        ["nothing but blanks"] = static () => new string(' ', 1_000_000),
    };

    public static TheoryData<string> Names => [.. Bombs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bomb_AtEveryEndpointWithABody_IsRefused(string name)
    {
        using var admin = api.Client();
        var body = Bombs[name]();
        var wrong = new List<string>();
        foreach (var endpoint in ApiEndpoint.Of(api).Where(static endpoint => endpoint.ReadsJson))
        {
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(static _ => "x")) { Content = BadInputTests.Json(body) };
            using var answer = await admin.SendAsync(request);
            if ((int)answer.StatusCode is < 400 or >= 500)
            {
                wrong.Add($"{endpoint}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Bomb_InAFormOfFiles_IsRefused()
    {
        using var admin = api.Client();
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 2_000; i++)
        {
            form.Add(new StringContent("x", Encoding.UTF8), $"field{i}");
        }

        using var answer = await admin.PostAsync("/api/v1/documents", form);
        Assert.InRange((int)answer.StatusCode, 400, 499);
    }
}
