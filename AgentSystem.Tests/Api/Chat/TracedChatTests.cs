using System.Net;
using AgentSystem.Tests.Api.Models;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Api.Chat;

/// <summary>What the logs hold when an operator turns them all on.</summary>
public sealed class TracedChatTests(TracedChatTests.Traced api) : IClassFixture<TracedChatTests.Traced>
{
    [Fact]
    public async Task Chat_WithEveryLogAtTrace_LogsNeitherWordsNorToolArgumentsNorResults()
    {
        api.Model.Then(Turn.Calls("calculator", "expression", "7919*7907"), Turn.Says("that is secretanswer"));
        using var answer = await api.Client().PostAsync("/v1/chat/completions", BadInputTests.Json("""{"model":"assistant","messages":[{"role":"user","content":"secretquestion"}]}"""));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(api.Logs.Lines, static line => line.StartsWith("Trace ", StringComparison.Ordinal));
        Assert.All(["7919*7907", "62615533", "secretquestion", "secretanswer"], secret => Assert.DoesNotContain(api.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal)));
    }

    /// <summary>The API with every logger at its most talkative.</summary>
    public sealed class Traced(TestPostgres postgres) : ApiFixture(postgres)
    {
        internal CapturedLogs Logs { get; } = new();

        protected override void Configure(WebApplicationBuilder builder)
        {
            base.Configure(builder);
            builder.Logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace);
            builder.Services.PostConfigure<LoggerFilterOptions>(static filters => filters.Rules.Clear());
        }
    }
}
