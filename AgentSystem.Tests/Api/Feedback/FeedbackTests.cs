using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Feedback;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Feedback;

public sealed class FeedbackTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(Scopes.Feedback, HttpStatusCode.Created)]
    [InlineData(Scopes.Chat, HttpStatusCode.Created)]
    [InlineData(Scopes.AgentsRead, HttpStatusCode.Forbidden)]
    public async Task Give_WithAScope_IsTakenFromWhoMayChatOrGiveFeedback(string scope, HttpStatusCode expected)
    {
        using var client = await api.ClientWithAsync(new CreateKey("judge", [scope]));
        using var answer = await client.PostAsJsonAsync("/api/v1/feedback", new GiveFeedback("assistant", 5), PlatformJson.Options);

        Assert.Equal(expected, answer.StatusCode);
    }
}
