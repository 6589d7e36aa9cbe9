using System.Net;
using System.Net.Http.Headers;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Http;

/// <summary>HEAD is GET without the body, and a client that has the answer already is told so.</summary>
public sealed class HeadRequestTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/api/v1/agents", HttpStatusCode.OK)]
    [InlineData("/api/v1/agents/assistant", HttpStatusCode.OK)]
    [InlineData("/api/v1/agents/nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/threads", HttpStatusCode.OK)]
    [InlineData("/api/v1/keys", HttpStatusCode.OK)]
    [InlineData("/v1/models", HttpStatusCode.OK)]
    [InlineData("/api/v1/documents?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/feedback", HttpStatusCode.MethodNotAllowed)]
    public async Task Head_OfWhatGetAnswers_HasItsStatusAndNoBody(string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await api.Client().SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.NotEmpty(answer.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Get_AnAgentTheClientHas_Answers304WithItsETag()
    {
        using var client = api.Client();
        using var first = await client.GetAsync("/api/v1/agents/assistant");
        using var same = await AskAsync(client, first.Headers.ETag!);
        using var weak = await AskAsync(client, new EntityTagHeaderValue(first.Headers.ETag!.Tag, isWeak: true));
        using var other = await AskAsync(client, new EntityTagHeaderValue("\"another\""));

        Assert.Equal(
            (HttpStatusCode.NotModified, HttpStatusCode.NotModified, HttpStatusCode.OK, first.Headers.ETag),
            (same.StatusCode, weak.StatusCode, other.StatusCode, same.Headers.ETag));
    }

    [Fact]
    public async Task Delete_AnAgentThatIsInAnotherState_SaysPreconditionFailed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/agents/assistant");
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"another\""));
        using var answer = await api.Client().SendAsync(request);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Contains("\"title\":\"Precondition failed\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, EntityTagHeaderValue tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/agents/assistant");
        request.Headers.IfNoneMatch.Add(tag);
        return client.SendAsync(request);
    }
}
