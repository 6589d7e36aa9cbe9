using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api;

/// <summary>What every caller meets: health, documents, metrics, policies, and what survives a restart.</summary>
public sealed class SurfaceTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs")]
    public async Task Get_PublicPath_NeedsNoKey(string path)
    {
        using var answer = await api.Client(null).GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public void EveryOtherEndpoint_HasAPolicy()
    {
        string[] open = ["/alive", "/health", "/ready", "/openapi/", "/docs"];
        var bare = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !open.Any(o => ("/" + e.RoutePattern.RawText!.TrimStart('/')).StartsWith(o, StringComparison.Ordinal)))
            .Where(e => e.Metadata.GetMetadata<IAuthorizeData>() is null || e.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(e => e.RoutePattern.RawText);

        Assert.Empty(bare);
    }

    [Fact]
    public async Task GetMetrics_ShowsRequestDurationWithTheDocumentsBucketsAndLabels()
    {
        using var client = api.Client();
        using var chat = await client.PostAsync("/v1/chat/completions", CompleteChatTests.Body("measure me"));
        var metrics = await client.GetStringAsync("/metrics");

        foreach (var bucket in new[] { "0.1", "0.5", "1", "2", "5", "10", "30" })
        {
            Assert.Contains(metrics.Split('\n'), line => line.StartsWith("request_duration_bucket", StringComparison.Ordinal)
                && line.Contains("agent_type=\"assistant\"", StringComparison.Ordinal) && line.Contains("endpoint=\"chat.completions\"", StringComparison.Ordinal)
                && line.Contains("complexity=\"simple\"", StringComparison.Ordinal) && line.Contains($"le=\"{bucket}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task GetMetrics_WithoutItsScope_Answers403()
    {
        using var client = await api.ChatClientAsync();
        using var answer = await client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task ListModels_NamesTheSeededAgentsAndTheBareModel()
    {
        using var json = JsonDocument.Parse(await api.Client().GetStringAsync("/v1/models"));

        Assert.Equal(["analyst", "assistant", "concierge", "model:small"], json.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Feedback_ForAnAgent_IsKept()
    {
        using var answer = await api.Client().PostAsync("/api/v1/feedback", BadInputTests.Json("""{"agent":"assistant","rating":5,"run_id":"req_1"}"""));
        using var wrong = await api.Client().PostAsync("/api/v1/feedback", BadInputTests.Json("""{"agent":"assistant","rating":6}"""));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Overview_CountsWhatCameIn()
    {
        using var client = api.Client();
        using var chat = await client.PostAsync("/v1/chat/completions", CompleteChatTests.Body("count this one"));
        var id = chat.Headers.GetValues("x-request-id").Single();
        using var seen = await client.GetAsync("/api/v1/usage/requests/" + id);
        using var json = JsonDocument.Parse(await client.GetStringAsync("/api/v1/monitoring/overview"));

        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        Assert.Contains(json.RootElement.GetProperty("components").EnumerateArray(), c => c.GetProperty("name").GetString() == "postgres" && c.GetProperty("status").GetString() == "healthy");
        Assert.True(json.RootElement.GetProperty("slots_total").GetInt32() > 0);
    }

    [Fact]
    public async Task Get_UnknownPath_AnswersWithTheSurfacesOwnError()
    {
        using var openAI = await api.Client().GetAsync("/v1/nothing");
        using var platform = await api.Client().GetAsync("/api/v1/nothing");

        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (openAI.StatusCode, openAI.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (platform.StatusCode, platform.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Restart_TheKeyAndWhatItMadeAreStillThere()
    {
        using var before = await api.ChatClientAsync(new KeyLimits(100));
        var key = before.DefaultRequestHeaders.Authorization!.Parameter;
        await api.RestartAsync();
        using var after = api.Client(key);
        using var answer = await after.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
