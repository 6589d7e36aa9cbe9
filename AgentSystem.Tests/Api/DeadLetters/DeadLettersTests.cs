using System.Net;
using AgentSystem.Contracts.DeadLetters;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Api.Threads;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Api.DeadLetters;

/// <summary>What was given up is found by those whose it is, and tried again or put away.</summary>
public sealed class DeadLettersTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    private const string Path = "/api/v1/dead-letters";

    [Fact]
    public async Task Retry_ARunThatWasGivenUp_PutsItBackAndItEnds()
    {
        using var client = api.Client();
        var run = await DieAsync(client, "retry me");
        var letter = Assert.Single((await client.ReadAsync<ListPage<DeadLetterView>>(Path + "?kind=run")).Data, one => one.RunId == run);
        using var retried = await client.PostAsync($"{Path}/{letter.Id}/retry", null);
        var ended = await client.EndedAsync(run);
        using var again = await client.PostAsync($"{Path}/{letter.Id}/retry", null);
        var told = await client.EventsAsync(run);

        Assert.Equal(("run", "assistant", "it was too much"), (letter.Kind, letter.Subject, letter.Reason));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.NotFound), (retried.StatusCode, again.StatusCode));
        Assert.Equal((RunStatus.Success, "RETRY ME"), (ended.Status, ended.Output));
        Assert.Equal((2, "run.finished"), (told.Count(happened => happened.EventType == "run.finished"), told[^1].EventType));
    }

    [Fact]
    public async Task Discard_ARunThatWasGivenUp_LeavesItAsItEnded()
    {
        using var client = api.Client();
        var run = await DieAsync(client, "discard me");
        using var discarded = await client.DeleteAsync($"{Path}/dead_{run}");

        Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);
        Assert.DoesNotContain((await client.ReadAsync<ListPage<DeadLetterView>>(Path)).Data, one => one.RunId == run);
        Assert.Equal(RunStatus.Error, (await client.GetRunAsync(run)).Status);
    }

    [Fact]
    public async Task List_OfBothKindsPageByPage_ShowsEachOnceAndOnlyToThoseWhoseItIs()
    {
        using var client = api.Client();
        using var hook = await client.PostAsync("/api/v1/webhooks", BadInputTests.Json("""{"url":"http://127.0.0.1:9/hook"}"""));
        var dead = new List<string> { "dead_" + await DieAsync(client, "one"), "dead_" + await DieAsync(client, "two") };
        await ExecuteAsync("UPDATE agentsystem.webhook_deliveries SET state = 'dead', finished_at = now(), last_error = 'gone'");
        var (seen, cursor) = (new List<DeadLetterView>(), (string?)"");
        while (cursor is not null)
        {
            var page = await client.ReadAsync<ListPage<DeadLetterView>>($"{Path}?limit=1{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            seen.AddRange(page.Data);
            cursor = page.NextCursor;
        }

        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.RunsRead, Scopes.RunsWrite], User: "somebody"));
        Assert.Equal(seen.Count, seen.Select(one => one.Id).Distinct().Count());
        Assert.Superset(dead.ToHashSet(), seen.Select(one => one.Id).ToHashSet());
        Assert.Contains(seen, one => one is { Kind: "webhook", Reason: "gone" });
        Assert.Empty((await bound.ReadAsync<ListPage<DeadLetterView>>(Path)).Data);
        using var foreign = await bound.DeleteAsync($"{Path}/{dead[0]}");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    /// <summary>A run as it stands after too many attempts.</summary>
    private async Task<string> DieAsync(HttpClient client, string input)
    {
        var run = await client.BeginAsync($$"""{"agent":"assistant","input":"{{input}}"}""");
        await client.EndedAsync(run.Id);
        await ExecuteAsync($$"""UPDATE agentsystem.runs SET status = 'error', output = NULL, error = '{"code":"attempts_exhausted","message":"it was too much"}', dead_at = now() WHERE id = '{{run.Id}}'""");
        return run.Id;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
