using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>
/// Requests that two readers could understand differently (RFC 9112, sections 6 and 11.2; CVE-2025-55315): each gets one answer, a 4xx, and the connection closes.
/// Behind each stands a second request, which nobody may see.
/// </summary>
public sealed class SmugglingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Second = "GET /alive HTTP/1.1\r\nHost: x\r\n\r\n";

    public static TheoryData<string> Requests => [.. Bad.Keys];

    private static readonly Dictionary<string, string> Bad = new(StringComparer.Ordinal)
    {
        ["length and chunks"] = Post("Content-Length: 6\r\nTransfer-Encoding: chunked") + "0\r\n\r\n" + Second,
        ["chunks and length"] = Post("Transfer-Encoding: chunked\r\nContent-Length: 4") + "5c\r\n" + Second + "\r\n0\r\n\r\n",
        ["chunks named twice"] = Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity") + "0\r\n\r\n" + Second,
        ["chunks that are not last"] = Post("Transfer-Encoding: chunked, identity") + "0\r\n\r\n" + Second,
        ["chunks of another name"] = Post("Transfer-Encoding: xchunked") + "0\r\n\r\n" + Second,
        ["chunks after a vertical tab"] = Post("Transfer-Encoding: \vchunked") + "0\r\n\r\n" + Second,
        ["two lengths"] = Post("Content-Length: 0\r\nContent-Length: 44") + Second,
        ["two lengths in one"] = Post("Content-Length: 0, 44") + Second,
        ["a length with a sign"] = Post("Content-Length: +0") + Second,
        ["a length with a sign before a body"] = Post("Content-Length: +2") + "{}" + Second,
        ["a length of thirty digits"] = Post("Content-Length: " + new string('0', 30)) + Second,
        ["a length in other digits"] = Post("Content-Length: \u00b2") + Second,
        ["a method in small letters"] = "get /api/v1/agents HTTP/1.1\r\nHost: x\r\n\r\n" + Second,
        ["a method in mixed letters"] = "Get /api/v1/agents HTTP/1.1\r\nHost: x\r\n\r\n" + Second,
        ["a length below zero"] = Post("Content-Length: -1") + Second,
        ["a length in hexadecimal"] = Post("Content-Length: 0x0") + Second,
        ["a length beyond all bounds"] = Post("Content-Length: 99999999999999999999") + Second,
        ["a length that is none"] = Post("Content-Length: many") + Second,
        ["a space before the colon"] = Post("Content-Length : 0") + Second,
        ["a folded header"] = Post("Content-Length: 0\r\nX-One: a\r\n b") + Second,
        ["a header that begins with a space"] = Post(" Content-Length: 0") + Second,
        ["a line feed alone in a chunk's extension"] = Post("Transfer-Encoding: chunked") + "1;a\n\r\nx\r\n0\r\n\r\n" + Second,
        ["a carriage return alone in a chunk's extension"] = Post("Transfer-Encoding: chunked") + "1;a\rb\r\nx\r\n0\r\n\r\n" + Second,
        ["a chunk's size with a sign"] = Post("Transfer-Encoding: chunked") + "+1\r\nx\r\n0\r\n\r\n" + Second,
        ["a chunk's size with a prefix"] = Post("Transfer-Encoding: chunked") + "0x1\r\nx\r\n0\r\n\r\n" + Second,
        ["a chunk's size that is none"] = Post("Transfer-Encoding: chunked") + "z\r\nx\r\n0\r\n\r\n" + Second,
        ["a chunk's size beyond all bounds"] = Post("Transfer-Encoding: chunked") + "ffffffffffffffff1\r\nx\r\n0\r\n\r\n" + Second,
        ["a chunk longer than it says"] = Post("Transfer-Encoding: chunked") + "1\r\nxyz\r\n0\r\n\r\n" + Second,
        ["an empty chunk size"] = Post("Transfer-Encoding: chunked") + "\r\nx\r\n0\r\n\r\n" + Second,
        ["a header without a name"] = Post(": x\r\nContent-Length: 0") + Second,
        ["a header without a colon"] = Post("Content-Length\r\nX: 0") + Second,
        ["NUL in a header"] = Post("X-One: a\0b\r\nContent-Length: 0") + Second,
        ["no host"] = "GET /api/v1/agents HTTP/1.1\r\n\r\n" + Second,
        ["two hosts"] = "GET /api/v1/agents HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + Second,
        ["a host with a path"] = "GET /api/v1/agents HTTP/1.1\r\nHost: a/b\r\n\r\n" + Second,
        ["a version that is none"] = "GET /api/v1/agents HTTP/9.9\r\nHost: x\r\n\r\n" + Second,
        ["a tab in the request line"] = "GET\t/api/v1/agents HTTP/1.1\r\nHost: x\r\n\r\n" + Second,
        ["NUL in the path"] = "GET /api/v1/agents\0 HTTP/1.1\r\nHost: x\r\n\r\n" + Second,
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_ThatCanBeReadInTwoWays_GetsOneRefusalAndTheEndOfTheConnection(string name)
    {
        var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), Bad[name]);

        // The chunked body of one without a key is never read: the refusal is the 401, and the connection ends with it.
        var status = Assert.Single(RawHttp.Statuses(answer));
        Assert.InRange(status, 400, 505);
        Assert.True(status is < 500 or 501 or 505, answer);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_ThatCanBeReadInTwoWays_WithAKey_ReachesNothing(string name)
    {
        var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), Bad[name].Replace("Host: x\r\n", $"Host: x\r\nAuthorization: Bearer {api.AdminKey}\r\n", StringComparison.Ordinal));

        Assert.InRange(Assert.Single(RawHttp.Statuses(answer)), 400, 505);
    }

    [Fact]
    public async Task TwoRequestsInOrder_OnOneConnection_GetTwoAnswers()
    {
        // That the tests above can see a second answer at all.
        var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), Second + Second.Replace("Host: x\r\n", "Host: x\r\nConnection: close\r\n", StringComparison.Ordinal));

        Assert.Equal([200, 200], RawHttp.Statuses(answer));
    }

    private static string Post(string headers) => $"POST /api/v1/threads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n";
}
