using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Api.Security;

/// <summary>The real API, started again and again with other root secrets on one database.</summary>
public sealed class RootKeyChangeTests(TestPostgres postgres)
{
    private const string DataKeys = "/api/v1/security/data-keys";

    [Fact]
    public async Task RootKey_ReplacedStepByStep_LeavesKeysAndSealedAnswersAndRefusesAStranger()
    {
        await using var api = new ChangingRoot(postgres);
        await api.InitializeAsync();
        using var first = api.Client();
        var key = (await ReadAsync<CreatedKey>(await first.PostAsJsonAsync("/api/v1/keys", new CreateKey("kept", [Scopes.Chat]), PlatformJson.Options))).Key;
        var answer = await AskAsync(api, key, replayed: false);

        (api.Root, api.Previous) = (ChangingRoot.Second, ChangingRoot.First);
        await api.RestartAsync();
        Assert.Equal(answer, await AskAsync(api, key, replayed: true));

        api.Previous = null;
        await api.RestartAsync();
        Assert.Equal(answer, await AskAsync(api, key, replayed: true));

        api.Root = ChangingRoot.First;
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(api.RestartAsync);
        Assert.Contains("AGENTSYSTEM_ROOT_KEY_PREVIOUS", refused.Message, StringComparison.Ordinal);
        api.Root = ChangingRoot.Second;
        await api.StartAgainAsync();
        Assert.Equal(answer, await AskAsync(api, key, replayed: true));
    }

    [Fact]
    public async Task Rotate_DataKeys_BeginsOneRotationThatTheListShows()
    {
        await using var api = new ChangingRoot(postgres);
        await api.InitializeAsync();
        using var admin = api.Client();
        await AskAsync(api, ApiFixture.Admin, replayed: false);

        using var begun = await admin.PostAsync(DataKeys + "/rotate", null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var version = (await begun.Content.ReadFromJsonAsync<DataKeyView>(PlatformJson.Options))!;
        Assert.Equal("running", version.Rotation!.Status);
        Assert.True(version.Rotation.Remaining > 0);
        Assert.Equal(version.Version, (await ReadAsync<DataKeyView>(await admin.PostAsync(DataKeys + "/rotate", null))).Version);

        var page = (await admin.GetFromJsonAsync<ListPage<DataKeyView>>(DataKeys + "?limit=1", PlatformJson.Options))!;
        Assert.Equal(version.Version, Assert.Single(page.Data).Version);
        var rest = (await admin.GetFromJsonAsync<ListPage<DataKeyView>>($"{DataKeys}?cursor={page.NextCursor}", PlatformJson.Options))!;
        Assert.Equal(version.Version - 1, rest.Data[0].Version);
        Assert.Null(rest.Data[^1].Rotation);
        await AskAsync(api, ApiFixture.Admin, replayed: true);
        using var chat = await api.ChatClientAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await chat.PostAsync(DataKeys + "/rotate", null)).StatusCode);
    }

    private static async Task<string> AskAsync(ChangingRoot api, string key, bool replayed)
    {
        using var client = api.Client(key);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        using var answer = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "assistant", messages = new[] { new { role = "user", content = "hello" } } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(replayed, answer.Headers.Contains("Idempotency-Replayed"));
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            return (await answer.Content.ReadFromJsonAsync<T>(PlatformJson.Options))!;
        }
    }
}

/// <summary>An API whose root secrets a test changes between starts.</summary>
public sealed class ChangingRoot(TestPostgres postgres) : ApiFixture(postgres)
{
    public const string First = "a-root-key-for-tests-0123456789-0123456789";
    public const string Second = "another-root-key-for-tests-0123456789-0123";

    public string Root { get; set; } = First;

    public string? Previous { get; set; }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["AGENTSYSTEM_ROOT_KEY"] = Root, ["AGENTSYSTEM_ROOT_KEY_PREVIOUS"] = Previous });
    }
}
