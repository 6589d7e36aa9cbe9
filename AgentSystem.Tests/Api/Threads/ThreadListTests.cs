using System.Net;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Threads;

/// <summary>Lists, pages and searches of threads.</summary>
public sealed class ThreadListTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = ThreadClient.Path;

    [Fact]
    public async Task List_PageByPage_ShowsEachThreadOnceNewestFirstAndEnds()
    {
        using var client = api.Client();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await client.StartAsync("""{"user":"paging"}""")).Id);
        }

        var (seen, cursor) = (new List<string>(), (string?)"");
        while (cursor is not null)
        {
            var page = await client.ListAsync($"?user=paging&limit=2{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            seen.AddRange(page.Data.Select(t => t.Id));
            cursor = page.NextCursor;
        }

        made.Reverse();
        Assert.Equal(made, seen);
    }

    [Fact]
    public async Task List_AThreadWithANewMessage_ComesFirst()
    {
        using var client = api.Client();
        var (old, _) = (await client.StartAsync("""{"user":"newest"}"""), await client.StartAsync("""{"user":"newest"}"""));
        using var added = await client.AddAsync(old.Id, "user", "again");

        Assert.Equal(old.Id, (await client.ListAsync("?user=newest")).Data[0].Id);
    }

    [Fact]
    public async Task List_ByAgentAndByKeysOwn_ShowsOnlyThose()
    {
        using var client = api.Client();
        var held = await client.StartAsync("""{"agent":"model:small","user":"filters"}""");
        await client.StartAsync("""{"user":"filters"}""");
        var own = await client.StartAsync();

        Assert.Equal([held.Id], (await client.ListAsync("?user=filters&agent=model:small")).Data.Select(t => t.Id));
        Assert.StartsWith("key:", own.User, StringComparison.Ordinal);
        Assert.Contains((await client.ListAsync($"?user={own.User}")).Data, t => t.Id == own.Id);
    }

    [Theory]
    [InlineData("?cursor=garbage", "cursor")]
    [InlineData("?cursor=Zm9v", "cursor")]
    [InlineData("?cursor=MTIzfA", "cursor")]
    [InlineData("?cursor=OTIyMzM3MjAzNjg1NDc3NTgwN3x4", "cursor")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?q=%00", "q")]
    [InlineData("?agent=%00", "agent")]
    [InlineData("?user=%00", "user")]
    [InlineData("?user=", "user")]
    public async Task List_WrongQuery_Answers400AndNamesTheParameter(string query, string member)
    {
        using var answer = await api.Client().GetAsync(Path + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(500, HttpStatusCode.OK)]
    [InlineData(501, HttpStatusCode.BadRequest)]
    // Longer than any address the server reads.
    [InlineData(10_000, HttpStatusCode.RequestUriTooLong)]
    public async Task List_ALongSearch_IsRefusedBeyondTheLimit(int length, HttpStatusCode status)
    {
        using var answer = await api.Client().GetAsync(Path + "?q=" + new string('x', length));

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task List_ASearchInALongMessage_FindsItsBeginning()
    {
        using var client = api.Client();
        var thread = await client.StartAsync("""{"user":"long"}""");
        using var added = await client.AddAsync(thread.Id, "user", "platypus " + string.Join(' ', Enumerable.Range(10_000, 14_000).Select(i => (char)(0x4E00 + (i % 20_000)) + $"{i}")));

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal([thread.Id], (await client.ListAsync("?user=long&q=platypus")).Data.Select(t => t.Id));
    }

    [Theory]
    [InlineData("zanzibar", true)]
    [InlineData("ZANZIBAR", true)]
    [InlineData("\"spice island\"", true)]
    [InlineData("\"island spice\"", false)]
    [InlineData("island -zanzibar", false)]
    [InlineData("nothinglikeit or zanzibar", true)]
    [InlineData("\"spice", true)]
    [InlineData("spice & | ! ( ) <-> :* '", true)]
    [InlineData("'; DROP TABLE agentsystem.threads; --", false)]
    [InlineData("&|!()", false)]
    [InlineData("\\", false)]
    public async Task List_AnySearch_FindsWordsAndNeverFails(string words, bool found)
    {
        using var client = api.Client();
        var thread = await client.StartAsync("""{"user":"search"}""");
        using var added = await client.AddAsync(thread.Id, "user", "Tell me of Zanzibar, the spice island");

        var hits = (await client.ListAsync("?user=search&q=" + Uri.EscapeDataString(words))).Data;

        Assert.Equal(found, hits.Any(t => t.Id == thread.Id));
    }

    [Fact]
    public async Task List_ASearch_MarksTheWordsInAMessageOrElseInTheTitle()
    {
        using var client = api.Client();
        var said = await client.StartAsync("""{"user":"snippet"}""");
        using var added = await client.AddAsync(said.Id, "user", "the \u0002quagga\u0003 is extinct");
        await client.StartAsync("""{"user":"snippet","title":"About the quagga"}""");

        var snippets = (await client.ListAsync("?user=snippet&q=quagga")).Data.Select(t => t.Snippet);

        Assert.Equal(["About the \u0002quagga\u0003", "the \u0002quagga\u0003 is extinct"], snippets);
        Assert.All((await client.ListAsync("?user=snippet")).Data, t => Assert.Null(t.Snippet));
    }

    [Fact]
    public async Task ListMessages_BothWays_PageToTheEndAndNotBeyond()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            using var added = await client.AddAsync(thread.Id, i % 2 == 1 ? "user" : "assistant", $"m{i}");
        }

        var first = await client.ReadAsync<ListPage<MessageView>>($"{Path}/{thread.Id}/messages?limit=3");
        var rest = await client.ReadAsync<ListPage<MessageView>>($"{Path}/{thread.Id}/messages?limit=3&cursor={first.NextCursor}");
        var newest = await client.ReadAsync<ListPage<MessageView>>($"{Path}/{thread.Id}/messages?limit=2&order=desc");
        var next = await client.ReadAsync<ListPage<MessageView>>($"{Path}/{thread.Id}/messages?limit=2&order=desc&cursor={newest.NextCursor}");
        // "NTAw" is 500: far beyond the last message.
        var past = await client.ReadAsync<ListPage<MessageView>>($"{Path}/{thread.Id}/messages?cursor=NTAw");

        Assert.Equal([1, 2, 3, 4, 5], first.Data.Concat(rest.Data).Select(m => m.Index));
        Assert.Null(rest.NextCursor);
        Assert.Equal(["m5", "m4", "m3", "m2"], newest.Data.Concat(next.Data).Select(m => m.Text));
        Assert.Empty(past.Data);
    }

    [Theory]
    [InlineData("?order=up", "order")]
    [InlineData("?cursor=Zm9v", "cursor")]
    [InlineData("?limit=1000", "limit")]
    public async Task ListMessages_WrongQuery_Answers400AndNamesTheParameter(string query, string member)
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        using var answer = await client.GetAsync($"{Path}/{thread.Id}/messages{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", await answer.Content.ReadAsStringAsync());
    }
}
