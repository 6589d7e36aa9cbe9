using System.Net;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Tools;

/// <summary>Tools are registered, changed and called; what may be repeated is, and what may not is not.</summary>
public sealed class ToolsTests(ToolsFixture api) : IClassFixture<ToolsFixture>
{
    private const string Path = "/api/v1/tools";

    private const string City = """
        "effect":"read","schema":{"type":"object","properties":{"city":{"type":"string","description":"Where"}},"required":["city"]}
        """;

    [Fact]
    public async Task Register_AndInvoke_PostsTheArgumentsWithTheCredentialsThatNobodySeesAgain()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, City + ""","headers":{"Authorization":"Bearer very-secret-1"},"description":"Tells the weather." """);
        api.Server.Answer($"/{name}", new ToolReply(200, """{"weather":"sunny"}"""));

        var called = await ToolsFixture.InvokeAsync(client, name, """{"arguments":{"city":"Paris"}}""");

        var sent = Assert.Single(api.Server.Of($"/{name}"));
        Assert.Equal(("POST", """{"city":"Paris"}""", "Bearer very-secret-1", called.CallId), (sent.Method, sent.Body, sent.Headers["Authorization"], sent.Headers["Idempotency-Key"]));
        Assert.Equal(("success", """{"weather":"sunny"}""", 1), (called.Outcome, called.Output, called.Attempts));
        var text = await client.GetStringAsync($"{Path}/{name}") + await client.GetStringAsync(Path) + await client.GetStringAsync($"{Path}/{name}/versions");
        Assert.DoesNotContain("very-secret-1", text, StringComparison.Ordinal);
        var shown = await client.ReadAsync<ToolView>($"{Path}/{name}");
        Assert.Equal(["Authorization"], shown.Headers);
        Assert.Equal(("closed", 1L, 0L), (shown.Health.Breaker, shown.Health.Calls, shown.Health.Failures));
        Assert.Equal("""{"city":"text"}""", shown.Example);
    }

    [Theory]
    [InlineData("""{"name":"Bad Name","kind":"http","url":"https://example.com/"}""", "name")]
    [InlineData("""{"name":"x","kind":"builtin","url":"https://example.com/"}""", "kind")]
    [InlineData("""{"name":"x","kind":"http","url":"http://example.com/"}""", "url")]
    [InlineData("""{"name":"x","kind":"http","url":"https://169.254.169.254/latest"}""", "url")]
    [InlineData("""{"name":"x","kind":"mcp","url":"http://127.0.0.1:1/mcp"}""", "url")]
    [InlineData("""{"name":"x","kind":"http","url":"https://example.com/","schema":{"type":"string"}}""", "schema")]
    [InlineData("""{"name":"x","kind":"http","url":"https://example.com/","timeout_seconds":0}""", "timeout_seconds")]
    [InlineData("""{"name":"x","kind":"http","url":"https://example.com/","headers":{"Host":"elsewhere"}}""", "headers")]
    [InlineData("""{"name":"x","kind":"http","url":"https://example.com/","headers":{"X-Key":"a\nb"}}""", "headers")]
    [InlineData("""{"name":"x","kind":"http","url":"https://example.com/","operations":["a"]}""", "operations")]
    [InlineData("""{"name":"x","kind":"http","url":"https://example.com/","colour":"red"}""", "colour")]
    [InlineData("""{"name":"calculator","kind":"http","url":"https://example.com/"}""", "name")]
    public async Task Register_WithSomethingWrong_IsRefusedByName(string body, string param)
    {
        using var client = api.Client();
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict, answer.StatusCode.ToString());
        Assert.Equal(param, await RunsTests.ParamAsync(answer));
    }

    [Fact]
    public async Task Invoke_WithArgumentsThatDoNotFit_SaysWhatIsWrongAndCallsNobody()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, City);
        using var answer = await client.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("""{"arguments":{"town":"Paris"}}"""));

        var (status, code, message) = await ToolsFixture.RefusalAsync(answer);
        Assert.Equal((400, "invalid_arguments"), (status, code));
        Assert.Contains("is missing", message, StringComparison.Ordinal);
        Assert.Empty(api.Server.Of($"/{name}"));
    }

    [Fact]
    public async Task Invoke_AToolThatReadsAndFailsOnce_IsRepeatedWithTheSameId()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "effect":"idempotent" """);
        api.Server.Answer($"/{name}", new ToolReply(503));

        var called = await ToolsFixture.InvokeAsync(client, name);

        var sent = api.Server.Of($"/{name}");
        Assert.Equal(("success", 2, 2), (called.Outcome, called.Attempts, sent.Count));
        Assert.Single(sent.Select(static request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Invoke_AToolThatActsOnceAndFails_IsNotRepeatedAndItsEndIsUnknown()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "effect":"once" """);
        api.Server.Answer($"/{name}", new ToolReply(500));

        var called = await ToolsFixture.InvokeAsync(client, name);

        Assert.Equal(("unknown", 1), (called.Outcome, called.Attempts));
        Assert.Single(api.Server.Of($"/{name}"));
        Assert.Contains("not known whether the call had its effect", called.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_WithTheSameIdempotencyKey_IsTheSameCallToTheTool()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "effect":"idempotent" """);

        var first = await ToolsFixture.InvokeAsync(client, name, """{"arguments":{"a":1}}""", "order-1");
        var second = await ToolsFixture.InvokeAsync(client, name, """{"arguments":{"a":1}}""", "order-1");
        var other = await ToolsFixture.InvokeAsync(client, name, """{"arguments":{"a":1}}""", "order-2");

        Assert.Equal(first.CallId, second.CallId);
        Assert.NotEqual(first.CallId, other.CallId);
    }

    [Fact]
    public async Task Invoke_AToolThatRefuses_TellsWhatItSaid()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client);
        api.Server.Answer($"/{name}", new ToolReply(422, """{"reason":"no such city"}"""));

        var called = await ToolsFixture.InvokeAsync(client, name);

        Assert.Equal(("error", $$"""error: {{name}} answered 422: {"reason":"no such city"}"""), (called.Outcome, called.Output));
    }

    [Fact]
    public async Task Invoke_ALongAnswerARedirectAndAPicture_EndsAsTheToolsLimitsSay()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "effect":"read","max_result_chars":100 """);
        api.Server.Answer($"/{name}", new ToolReply(200, new string('x', 500), "text/plain"), new ToolReply(302, Headers: new Dictionary<string, string> { ["Location"] = "http://169.254.169.254/" }), new ToolReply(200, "bytes", "image/png"));

        var cut = await ToolsFixture.InvokeAsync(client, name);
        var moved = await ToolsFixture.InvokeAsync(client, name);
        var picture = await ToolsFixture.InvokeAsync(client, name);

        Assert.Equal(new string('x', 100) + "\n[cut off after 100 characters]", cut.Output);
        Assert.Contains("redirects are not followed", moved.Output, StringComparison.Ordinal);
        Assert.Contains("image/png, which is no text", picture.Output, StringComparison.Ordinal);
        Assert.Equal(3, api.Server.Of($"/{name}").Count);
    }

    [Fact]
    public async Task Invoke_AnUnsafeTool_WantsAnApprovalOfThisCall()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "effect":"unsafe" """);
        using var answer = await client.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));

        Assert.Equal((409, "approval_required"), (await ToolsFixture.RefusalAsync(answer)) is var (status, code, _) ? (status, code) : default);
        Assert.Empty(api.Server.Of($"/{name}"));
        Assert.Equal("success", (await ToolsFixture.InvokeAsync(client, name, """{"approve":true}""")).Outcome);
    }

    [Fact]
    public async Task Change_TheSchema_MakesAVersionAndAnEarlierOneCanBeBroughtBack()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, City);
        using var changed = await client.PatchAsync($"{Path}/{name}", BadInputTests.Json("""{"description":"Other words","timeout_seconds":5}"""));
        using var same = await client.PatchAsync($"{Path}/{name}", BadInputTests.Json("""{"timeout_seconds":5}"""));

        var now = await client.ReadAsync<ToolView>($"{Path}/{name}");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (changed.StatusCode, same.StatusCode));
        Assert.Equal((2, 2, "Other words", 5), (now.Version, now.LatestVersion, now.Description, now.TimeoutSeconds));
        Assert.Equal([2, 1], (await client.ReadAsync<ListPage<ToolVersionView>>($"{Path}/{name}/versions")).Data.Select(static version => version.Version));

        using var back = await client.PostAsync($"{Path}/{name}/approve", BadInputTests.Json("""{"version":1}"""));
        Assert.Equal((1, 2, ""), (await client.ReadAsync<ToolView>($"{Path}/{name}")) is var old ? (old.Version, old.LatestVersion, old.Description) : default);
        using var none = await client.PostAsync($"{Path}/{name}/approve", BadInputTests.Json("""{"version":9}"""));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (back.StatusCode, none.StatusCode));
    }

    [Fact]
    public async Task Change_ToDisabled_KeepsCallsAwayUntilItIsEnabled()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "headers":{"X-Key":"one"} """);
        using var off = await client.PatchAsync($"{Path}/{name}", BadInputTests.Json("""{"enabled":false,"headers":{}}"""));
        using var refused = await client.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));
        var shown = await client.ReadAsync<ToolView>($"{Path}/{name}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict, ToolState.Disabled, 1), (off.StatusCode, refused.StatusCode, shown.State, shown.LatestVersion));
        Assert.Empty(shown.Headers);
        using var on = await client.PatchAsync($"{Path}/{name}", BadInputTests.Json("""{"enabled":true}"""));
        await ToolsFixture.InvokeAsync(client, name);
        Assert.False(Assert.Single(api.Server.Of($"/{name}")).Headers.ContainsKey("X-Key"));
    }

    [Fact]
    public async Task Change_TheHostOfAToolWithCredentials_WantsThemAnew()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "headers":{"Authorization":"Bearer very-secret-2"} """);
        var elsewhere = api.Mcp.Url;
        using var taken = await client.PatchAsync($"{Path}/{name}", BadInputTests.Json($$"""{"url":"{{elsewhere}}"}"""));
        using var given = await client.PatchAsync($"{Path}/{name}", BadInputTests.Json($$$"""{"url":"{{{elsewhere}}}","headers":{"Authorization":"Bearer other"}}"""));
        using var back = await client.PostAsync($"{Path}/{name}/approve", BadInputTests.Json("""{"version":1}"""));

        Assert.Equal((409, "credentials_would_move"), (await ToolsFixture.RefusalAsync(taken)) is var (status, code, _) ? (status, code) : default);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (given.StatusCode, back.StatusCode));
    }

    [Fact]
    public async Task Breaker_OfAToolThatFails_OpensIsListedAndIsNobodyElses()
    {
        using var client = api.Client();
        using var stranger = await api.ClientOfAsync("tools-stranger", Scopes.Admin);
        var name = await api.HttpToolAsync(client, """ "effect":"once" """);
        api.Server.Answer($"/{name}", [.. Enumerable.Repeat(new ToolReply(500), 8)]);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("unknown", (await ToolsFixture.InvokeAsync(client, name)).Outcome);
        }

        using var resting = await client.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));
        var listed = (await client.ReadAsync<ListPage<BreakerView>>("/api/v1/breakers?limit=200")).Data.Single(each => each.Name == name);
        var theirs = (await stranger.ReadAsync<ListPage<BreakerView>>("/api/v1/breakers?limit=200")).Data;

        Assert.Equal((HttpStatusCode.TooManyRequests, "tool", "open", 8L), (resting.StatusCode, listed.Kind, listed.State, listed.Failures));
        Assert.DoesNotContain(theirs, each => each.Name == name);
        Assert.Equal(8, api.Server.Of($"/{name}").Count);
        using var closed = await client.PostAsync($"{Path}/{name}/breaker", BadInputTests.Json("""{"state":"closed"}"""));
        Assert.Equal("success", (await ToolsFixture.InvokeAsync(client, name)).Outcome);
    }

    [Fact]
    public async Task Invoke_MoreAtOnceThanTheToolAllows_RefusesTheRest()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client, """ "effect":"read","max_concurrency":1 """);
        var gate = new TaskCompletionSource();
        api.Server.Answer($"/{name}", new ToolReply(200, "{}", Wait: gate.Task));
        var first = ToolsFixture.InvokeAsync(client, name);
        while (api.Server.Of($"/{name}").Count == 0)
        {
            await Task.Yield();
        }

        using var second = await client.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));
        gate.SetResult();

        Assert.Equal((429, "tool_unavailable"), (await ToolsFixture.RefusalAsync(second)) is var (status, code, _) ? (status, code) : default);
        Assert.Equal("success", (await first).Outcome);
    }

    [Fact]
    public async Task AnyPath_OfAnothersTool_DoesNotExist()
    {
        using var client = api.Client();
        using var stranger = await api.ClientOfAsync("tools-stranger", Scopes.Admin);
        var name = await api.HttpToolAsync(client);

        using var read = await stranger.GetAsync($"{Path}/{name}");
        using var called = await stranger.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));
        using var removed = await stranger.DeleteAsync($"{Path}/{name}");

        Assert.Equal([404, 404, 404], new[] { read, called, removed }.Select(static answer => (int)answer.StatusCode));
        using var own = await client.DeleteAsync($"{Path}/{name}");
        using var gone = await client.GetAsync($"{Path}/{name}");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (own.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task Keys_WithoutTheScopeOrTheTool_DoNotCallIt()
    {
        using var client = api.Client();
        var name = await api.HttpToolAsync(client);
        using var reader = await api.ClientWithAsync(new CreateKey("reader", [Scopes.ToolsRead]));
        using var other = await api.ClientWithAsync(new CreateKey("other", [Scopes.ToolsInvoke], Tools: ["calculator"]));

        using var denied = await reader.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));
        using var unseen = await other.PostAsync($"{Path}/{name}/invoke", BadInputTests.Json("{}"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (denied.StatusCode, unseen.StatusCode));
        Assert.Equal("42", (await ToolsFixture.InvokeAsync(other, "calculator", """{"arguments":{"expression":"6*7"}}""")).Output);
    }

    [Fact]
    public async Task List_HoldsTheBuiltInOnesToo_AndIsPagedByName()
    {
        using var client = api.Client();
        await api.HttpToolAsync(client);
        var names = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await client.ReadAsync<ListPage<ToolView>>($"{Path}?limit=3{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}");
            names.AddRange(page.Data.Select(static tool => tool.Name));
            cursor = page.NextCursor;
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(names.Distinct().Count(), names.Count);
        Assert.Superset(new HashSet<string> { "calculator", "clock", "recall", "remember", "search" }, names.ToHashSet());
        Assert.Equal(JsonValueKind.Object, (await client.ReadAsync<ToolView>($"{Path}/clock")).Schema!.Value.ValueKind);
    }
}
