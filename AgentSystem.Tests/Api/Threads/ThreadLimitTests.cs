using System.Net;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Api.Threads;

/// <summary>What happens when a thread gets long.</summary>
public sealed class ThreadLimitTests(ThreadLimitTests.ShortThreads api) : IClassFixture<ThreadLimitTests.ShortThreads>
{
    [Fact]
    public async Task Chat_OnALongThread_SendsOnlyTheNewestTurns()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        foreach (var text in new[] { "one", "two", "three" })
        {
            using var answer = await client.ChatAsync(thread.Id, text);
        }

        Assert.Equal(["two", "TWO", "three"], api.Model.Asked.Last().Messages.Where(m => m.Role != ChatRole.System).Select(m => m.Text));
    }

    [Fact]
    public async Task Chat_OnAFullThread_Answers409WithTheCure()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        foreach (var text in new[] { "one", "two", "three" })
        {
            using var answer = await client.ChatAsync(thread.Id, text);
        }

        using var chat = await client.ChatAsync(thread.Id, "four");
        using var added = await client.AddAsync(thread.Id, "user", "four");
        await BadInputTests.Expect(chat, HttpStatusCode.Conflict, "thread_full", "metadata.thread_id");
        Assert.Equal(HttpStatusCode.Conflict, added.StatusCode);
        Assert.Equal(6, (await client.MessagesAsync(thread.Id)).Count);
    }

    /// <summary>Threads of six messages, of which three go to the model.</summary>
    public sealed class ShortThreads(TestPostgres postgres) : ApiFixture(postgres)
    {
        protected override void Configure(WebApplicationBuilder builder)
        {
            base.Configure(builder);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Threads:MaxHistoryMessages"] = "3", ["Threads:MaxMessages"] = "6" });
        }
    }
}
