using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Documents;

/// <summary>Documents from the upload to the answer that quotes them.</summary>
public sealed class DocumentsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/documents";

    [Fact]
    public async Task Upload_AFile_ThenSearchItReadItAndRemoveIt()
    {
        using var client = api.Client();
        using var answer = await UploadAsync(client, "C:\\docs\\travel-policy.md", "# Travel\n\nTrains come *first*. Taxis need a permit.\n");
        var document = await ReadAsync<DocumentView>(answer, HttpStatusCode.Created);
        Assert.Equal(("travel-policy.md", "text/markdown", null, 1, "admin"), (document.Title, document.MediaType, document.Agent, document.Chunks, document.CreatedBy));
        Assert.Equal(Path + "/" + document.Id, answer.Headers.Location!.OriginalString);

        using var again = await UploadAsync(client, "copy.md", "# Travel\n\nTrains come *first*. Taxis need a permit.\n");
        Assert.Equal(document, await ReadAsync<DocumentView>(again, HttpStatusCode.OK));

        var hits = await SearchAsync(client, new SearchDocuments("taxi permits"));
        Assert.Equal((document.Id, "Travel", "\u0002Taxis\u0003 need a \u0002permit\u0003."), (hits[0].DocumentId, hits[0].Heading, hits[0].Snippet));
        var text = await client.GetFromJsonAsync<DocumentText>($"{Path}/{document.Id}/text", PlatformJson.Options);
        Assert.Equal("Trains come first. Taxis need a permit.", Assert.Single(text!.Chunks).Text);
        var list = await client.GetFromJsonAsync<ListPage<DocumentView>>($"{Path}?q=TRAVEL-pol&limit=1", PlatformJson.Options);
        Assert.Equal(document, Assert.Single(list!.Data));

        using var removed = await client.DeleteAsync($"{Path}/{document.Id}");
        using var gone = await client.GetAsync($"{Path}/{document.Id}");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, gone.StatusCode));
        Assert.Empty(await SearchAsync(client, new SearchDocuments("taxi permits")));
    }

    [Theory]
    [InlineData("""{"title":"x","text":" \n "}""", 422, "document_empty")]
    [InlineData("""{"title":"","text":"y"}""", 400, "invalid_value")]
    [InlineData("""{"title":"a\nb","text":"y"}""", 400, "invalid_value")]
    [InlineData("""{"title":"x"}""", 400, "invalid_json")]
    [InlineData("""{"title":"x","text":"y","colour":1}""", 400, "invalid_json")]
    [InlineData("""{"title":"x","text":"nul\u0000"}""", 400, "invalid_unicode")]
    [InlineData("""{"title":"x","text":"y","agent":"nobody"}""", 400, "unknown_agent")]
    [InlineData("""{"title":"x","text":"y","media_type":"application/pdf"}""", 400, "invalid_value")]
    [InlineData("null", 400, "missing_body")]
    [InlineData("{", 400, "invalid_json")]
    public async Task Create_WrongBody_SaysWhatIsWrong(string body, int status, string code) => await RefusedAsync(await api.Client().PostAsync(Path, BadInputTests.Json(body)), status, code);

    [Fact]
    public async Task Create_WithoutText_NamesTheFieldThatWasSent()
    {
        using var client = api.Client();
        await RefusedAsync(await client.PostAsync(Path, BadInputTests.Json("""{"title":"x","text":""}""")), 422, "document_empty", "text");
        await RefusedAsync(await UploadAsync(client, "a.txt", ""), 422, "document_empty", "file");
    }

    [Fact]
    public async Task Upload_BytesThatAreNoUtf8_AreRefusedInTheTextAndInTheName()
    {
        using var client = api.Client();
        await RefusedAsync(await UploadAsync(client, "a.txt", "Gr\u00FC\u00DFe"), 422, "document_encoding", "file");
        using var named = new ByteArrayContent(Encoding.Latin1.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Gr\u00FC\u00DFe.txt\"\r\n\r\nhello\r\n--b--\r\n"));
        named.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        await RefusedAsync(await client.PostAsync(Path, named), 400, "invalid_value", "file");
    }

    [Fact]
    public async Task Upload_APageOfFortyThousandOpenElements_IsRefusedAndBlocksNobody()
    {
        using var client = api.Client();
        var bombs = Enumerable.Range(0, 6).Select(i => UploadAsync(client, $"bomb{i}.html", string.Concat(Enumerable.Repeat("<div>", 40_000)) + i)).ToList();
        using var text = await UploadAsync(client, "beside.txt", "Beside the bombs.");
        await ReadAsync<DocumentView>(text, HttpStatusCode.Created);
        foreach (var bomb in bombs)
        {
            await RefusedAsync(await bomb, 422, "document_too_complex", "file");
        }
    }

    [Fact]
    public async Task Create_TextOverOneMegabyte_Answers413() =>
        await RefusedAsync(await api.Client().PostAsJsonAsync(Path, new CreateDocument("x", new string('x', 1_100_000)), PlatformJson.Options), 413, "text_too_long");

    [Fact]
    public async Task Upload_WrongParts_SaysWhatIsWrong()
    {
        using var client = api.Client();
        await RefusedAsync(await UploadAsync(client, "a.docx", "PK\u0003\u0004x"), 415, "media_type_not_supported");
        await RefusedAsync(await UploadAsync(client, "a.pdf", "no header"), 422, "media_type_mismatch");
        await RefusedAsync(await UploadAsync(client, "a.txt", ""), 422, "document_empty");
        await RefusedAsync(await UploadAsync(client, "a.txt", "x", ("agent", "nobody")), 400, "unknown_agent");
        await RefusedAsync(await UploadAsync(client, "a.txt", "x", ("colour", "red")), 400, "unknown_field");
        await RefusedAsync(await UploadAsync(client, "a.txt", "x", ("title", new string('t', 201))), 400, "invalid_value");
        await RefusedAsync(await client.PostAsync(Path, new StringContent("x", Encoding.UTF8, "text/plain")), 415, "unsupported_media_type");
        using var none = new MultipartFormDataContent { { new StringContent("t"), "title" } };
        await RefusedAsync(await client.PostAsync(Path, none), 400, "invalid_value");
        using var broken = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        await RefusedAsync(await client.PostAsync(Path, broken), 400, "invalid_multipart");
    }

    [Fact]
    public async Task Upload_OverTwentyMegabytes_Answers413WhetherItsLengthIsToldOrNot()
    {
        using var client = api.Client();
        using var told = new ByteArrayContent(new byte[21 * 1024 * 1024]);
        told.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = told };
        request.Headers.ExpectContinue = true;
        await RefusedAsync(await client.SendAsync(request), 413, "body_too_large");
    }

    [Theory]
    [InlineData("""{"query":""}""", "invalid_value")]
    [InlineData("""{"query":"x","limit":51}""", "invalid_value")]
    [InlineData("""{"query":"x\u0000"}""", "invalid_unicode")]
    [InlineData("""{"query":"x","agent":"nobody"}""", "unknown_agent")]
    public async Task Search_WrongBody_Answers400(string body, string code) => await RefusedAsync(await api.Client().PostAsync(Path + "/search", BadInputTests.Json(body)), 400, code);

    [Fact]
    public async Task Search_OddQueries_NeverFail()
    {
        using var client = api.Client();
        foreach (var query in new[] { "':*", "\"", "a & | b", "🎉", "\ud800x".Replace("\ud800", "", StringComparison.Ordinal), new string('q', 1000), "-", "or or or", "%_\\", "a\u0002b" })
        {
            Assert.NotNull(await SearchAsync(client, new SearchDocuments(query)));
        }
    }

    [Fact]
    public async Task Keys_SeeDocumentsOfTheAgentsTheyMayCallAndNeedTheirScopes()
    {
        await AgentAsync("librarian");
        using var admin = api.Client();
        using var answer = await UploadAsync(admin, "vault.txt", "The vault opens at nine.", ("agent", "librarian"));
        var document = await ReadAsync<DocumentView>(answer, HttpStatusCode.Created);
        using var mine = await api.ClientWithAsync(new CreateKey("mine", [Scopes.DocumentsRead], Agents: ["librarian"]));
        using var other = await api.ClientWithAsync(new CreateKey("other", [Scopes.DocumentsRead, Scopes.DocumentsWrite], Agents: ["assistant"]));

        Assert.Equal(document, await mine.GetFromJsonAsync<DocumentView>($"{Path}/{document.Id}", PlatformJson.Options));
        Assert.Equal(document.Id, Assert.Single(await SearchAsync(mine, new SearchDocuments("vault", "librarian"))).DocumentId);
        await RefusedAsync(await mine.DeleteAsync($"{Path}/{document.Id}"), 403, "missing_scope");
        await RefusedAsync(await UploadAsync(mine, "a.txt", "x"), 403, "missing_scope");
        await RefusedAsync(await other.GetAsync($"{Path}/{document.Id}"), 404, "document_not_found");
        await RefusedAsync(await other.GetAsync($"{Path}/{document.Id}/text"), 404, "document_not_found");
        await RefusedAsync(await other.DeleteAsync($"{Path}/{document.Id}"), 404, "document_not_found");
        await RefusedAsync(await UploadAsync(other, "a.txt", "x", ("agent", "librarian")), 400, "unknown_agent");
        await RefusedAsync(await other.PostAsJsonAsync(Path + "/search", new SearchDocuments("vault", "librarian"), PlatformJson.Options), 400, "unknown_agent");
        Assert.Empty(await SearchAsync(other, new SearchDocuments("vault")));
        var listed = await other.GetFromJsonAsync<ListPage<DocumentView>>(Path, PlatformJson.Options);
        Assert.DoesNotContain(listed!.Data, view => view.Id == document.Id);
    }

    [Fact]
    public async Task Chat_TheModelSearches_ReadsQuotationsInTheirFormat()
    {
        await AgentAsync("researcher");
        using var client = api.Client();
        using var own = await UploadAsync(client, "guide.txt", "Returns are free for thirty days. The parcel label is inside.", ("agent", "researcher"), ("title", "Guide to Returns 2025.txt"));
        Assert.Equal("[1] Guide to Returns 2025.txt: Returns are free for thirty days.", await ToolResultAsync(client, "researcher", "free returns"));
        Assert.Equal("nothing found", await ToolResultAsync(client, "researcher", "quantum chromodynamics"));
        Assert.Equal("error: the query is longer than 1,000 characters", await ToolResultAsync(client, "researcher", new string('q', 1001)));

        await AgentAsync("outsider");
        Assert.Equal("nothing found", await ToolResultAsync(client, "outsider", "free returns"));
    }

    private async Task<string?> ToolResultAsync(HttpClient client, string agent, string query)
    {
        api.Model.Then(Turn.Calls("search", "query", query), Turn.Says("done"));
        using var answer = await client.PostAsJsonAsync("/v1/chat/completions", new { model = agent, messages = new[] { new { role = "user", content = $"{query} {Guid.CreateVersion7()}" } } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return api.Model.Asked.Last().Messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Last().Result?.ToString();
    }

    private async Task AgentAsync(string name) =>
        await api.Services.GetRequiredService<IAgentStore>().SeedAsync(SeededAgents.Assistant with { Name = name, Tools = ["search"] }, DateTimeOffset.UnixEpoch, CancellationToken.None);

    private static async Task<IReadOnlyList<DocumentHit>> SearchAsync(HttpClient client, SearchDocuments body)
    {
        using var answer = await client.PostAsJsonAsync(Path + "/search", body, PlatformJson.Options);
        return (await ReadAsync<ListPage<DocumentHit>>(answer, HttpStatusCode.OK)).Data;
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, string name, string text, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields)
        {
            form.Add(new StringContent(value), field);
        }

        form.Add(new ByteArrayContent(Encoding.Latin1.GetBytes(text)), "file", name);
        return await client.PostAsync(Path, form);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize<T>(body, PlatformJson.Options)!;
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, int status, string code, string? param = null)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(status == (int)answer.StatusCode, $"{answer.StatusCode}: {body}");
            using var problem = JsonDocument.Parse(body);
            Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
            if (param is not null)
            {
                Assert.Equal(param, problem.RootElement.GetProperty("param").GetString());
            }
        }
    }
}
