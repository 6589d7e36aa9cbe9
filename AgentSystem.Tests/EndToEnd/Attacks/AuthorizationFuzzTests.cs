using System.Net;
using System.Text;
using System.Text.Json;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>Whatever stands where a key should: 401 in the same words, or a refusal of the server itself for what is no header at all (CVE-2026-42208 came in here elsewhere).</summary>
public sealed class AuthorizationFuzzTests(FuzzedApi api) : IClassFixture<FuzzedApi>
{
    private static readonly string[] Schemes = ["Bearer {0}", "bearer {0}", "BEARER {0}", "Bearer\t{0}", "{0}", "Basic {0}", "Token {0}", "Digest {0}"];

    private static readonly string[] Values =
    [
        "'", "\"", "`", "''", "' OR '1'='1", "' OR 1=1--", "\" OR \"\"=\"", "'; DROP TABLE agentsystem.api_keys; --", "' UNION SELECT hash FROM agentsystem.api_keys--", "$1", "%s%s%s%n", "{{7*7}}", "${jndi:ldap://127.0.0.1/a}",
        "../../etc/passwd", "..\\..\\", "\\x00", "%00", "%0d%0aX-Injected: 1", "null", "undefined", "NaN", "true", "0", "-1", "[]", "{}", "as-", "as-'", "as-" + new string('A', 43), "as-" + new string('A', 49), "as-" + new string('A', 500),
        "as-" + new string('A', 600), "eyJ..", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJub25lIn0..", "a.b.c", "<script>alert(1)</script>", "*", "admin", "()", ";", "|", "&", "$(id)", "`id`", new string('x', 30_000),
    ];

    [Fact]
    public async Task Authorization_OfAnyText_Answers401InTheSameWords()
    {
        using var nobody = api.Client(null);
        foreach (var value in from scheme in Schemes from value in Values select string.Format(scheme, value))
        {
            foreach (var header in new[] { "Authorization", "x-api-key", "api-key" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/agents");
                request.Headers.TryAddWithoutValidation(header, value);
                using var answer = await nobody.SendAsync(request);
                var detail = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString();

                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{header}: {value[..Math.Min(80, value.Length)]}: {answer.StatusCode}");
                Assert.Equal("The key is not valid.", detail);
            }
        }
    }

    [Fact]
    public async Task Authorization_OfBytesThatAreNoText_IsRefusedAndNeverA5xx()
    {
        foreach (var bytes in new byte[][] { [0], [1, 2, 3], [0x7F], [0x80], [0xC3, 0x28], [0xFF, 0xFE], [0xED, 0xA0, 0x80], [0x0B], [0x0D, 0x41], [.. "schlüssel"u8], [.. "🔑"u8], [.. "\u202Eyek"u8] })
        {
            byte[] request = [.. "GET /api/v1/agents HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer as-"u8, .. bytes, .. "\r\n\r\n"u8];
            var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), request);

            Assert.Contains(Assert.Single(RawHttp.Statuses(answer)), new[] { 400, 401 });
        }
    }

    [Fact]
    public async Task Authorization_OfAMegabyte_IsRefusedBeforeItIsKept()
    {
        var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), $"GET /api/v1/agents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {new string('a', 1024 * 1024)}\r\n\r\n");

        // Where it closes while we still send, its answer may be lost on the way; there is never another one.
        Assert.True(RawHttp.Statuses(answer) is [] or [431], answer);
    }

    [Fact]
    public async Task Authorization_TwoHundredHeaders_AreRefused()
    {
        var many = string.Concat(Enumerable.Range(0, 200).Select(static i => $"Authorization: Bearer {i}\r\n"));
        var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), $"GET /api/v1/agents HTTP/1.1\r\nHost: x\r\n{many}\r\n");

        Assert.Contains(Assert.Single(RawHttp.Statuses(answer)), new[] { 400, 401, 431 });
    }

    [Fact]
    public async Task Authorization_SeveralOfThem_AreRefusedEvenWhenOneIsGood()
    {
        foreach (var headers in new[] { $"Authorization: Bearer {api.AdminKey}\r\nAuthorization: Bearer other\r\n", $"Authorization: Bearer other\r\nAuthorization: Bearer {api.AdminKey}\r\n", $"Authorization: Bearer {api.AdminKey}, Bearer other\r\n" })
        {
            var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), Encoding.Latin1.GetBytes($"GET /api/v1/agents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"));
            Assert.Equal([401], RawHttp.Statuses(answer));
        }
    }
}
