using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Memory;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Erasure;
using AgentSystem.Runtime.Memory;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AgentSystem.Tests.Api.Memory;

/// <summary>Erasing a user, wherever the user's words lie.</summary>
public sealed class ErasureTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    private const string Path = "/api/v1/memory/erasures";

    [Fact]
    public async Task Erase_AUser_LeavesTheirSentenceNowhere_AndTheReceiptProvesIt()
    {
        const string planted = "plantedmarzipan";
        using var client = await api.ClientOfWorkerAsync();
        await PostAsync(client, "/api/v1/memory", $$"""{"agent":"worker","user":"gone","kind":"semantic","text":"Bo Plantedmarzipan lives in Oslo","metadata":{"note":"{{planted}}"} }""", "erase-memory");
        await PostAsync(client, "/api/v1/memory/search", $$"""{"agent":"worker","user":"gone","query":"{{planted}}"}""", "erase-search");
        await PostAsync(client, "/v1/chat/completions", $$"""{"model":"worker","user":"gone","messages":[{"role":"user","content":"{{planted}} please"}]}""", "erase-chat");
        await PostAsync(client, "/v1/responses", $$"""{"model":"worker","user":"gone","input":"{{planted}} again"}""", "erase-response");
        var streamed = await PostAsync(client, "/v1/responses", $$"""{"model":"worker","user":"gone","input":"{{planted}} in a stream","stream":true}""", "erase-stream");
        Assert.Contains(planted, streamed, StringComparison.OrdinalIgnoreCase);
        var thread = (await (await client.PostAsync("/api/v1/threads", BadInputTests.Json($$"""{"title":"{{planted}}","user":"gone"}"""))).Content.ReadFromJsonAsync<Made>(PlatformJsonLoose))!.Id;
        var run = (await (await client.PostAsync("/api/v1/runs", BadInputTests.Json($$"""{"agent":"worker","user":"gone","thread_id":"{{thread}}","input":"{{planted}} in a run"}"""))).Content.ReadFromJsonAsync<Made>(PlatformJsonLoose))!.Id;
        await client.EndedAsync(run);
        using (var state = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/state/worker/gone-session") { Content = BadInputTests.Json($$"""{"user":"gone","updates":[{"key":"k","value":"{{planted}}","strategy":"replace"}]}""") })
        {
            using var kept = await client.SendAsync(state);
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        }

        await PostAsync(client, "/api/v1/feedback", $$"""{"agent":"worker","rating":1,"run_id":"{{run}}","comment":"{{planted}}"}""", null);
        await PostAsync(client, "/api/v1/memory", """{"agent":"worker","user":"stays","kind":"semantic","text":"Bea lives in Bergen"}""", null);
        var source = api.Services.GetRequiredService<NpgsqlDataSource>();
        var places = await Traces.OfAsync(source, planted);
        Assert.True(places.Count >= 8, string.Join('\n', places));

        using var answer = await client.PostAsync(Path, BadInputTests.Json("""{"user":"gone","include":["threads"]}"""));
        var receipt = await answer.Content.ReadFromJsonAsync<ErasureReceipt>(PlatformJson.Options);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Empty(await Traces.OfAsync(source, planted));
        foreach (var place in new[] { "memories", "vectors", "responses", "runs", "threads", "idempotency_recordings", "state_keys", "feedback_comments" })
        {
            Assert.True(receipt!.Erased.Single(one => one.Place == place).Count > 0, place);
        }

        Assert.Contains("Bergen", await (await client.PostAsync("/api/v1/memory/search", BadInputTests.Json("""{"agent":"worker","user":"stays","query":"Bea"}"""))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var shown = await client.GetAsync($"/api/v1/runs/{run}");
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equivalent(receipt, await client.GetFromJsonAsync<ErasureReceipt>($"{Path}/{receipt!.Id}", PlatformJson.Options));
        Assert.Contains(receipt.Id, await client.GetStringAsync(Path), StringComparison.Ordinal);
        using var key = ECDsa.Create();
        key.ImportFromPem(receipt.PublicKey);
        var signature = Convert.FromBase64String(receipt.Signature);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(receipt.SignedText), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.False(key.VerifyData(Encoding.UTF8.GetBytes(receipt.SignedText.Replace("erased memories 1", "erased memories 2", StringComparison.Ordinal)), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.DoesNotContain("gone ", receipt.SignedText.Replace("vectors_gone_by", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_WhileAnotherProcessHoldsTheVectors_ReachesItToo()
    {
        using var client = await api.ClientOfWorkerAsync();
        await PostAsync(client, "/api/v1/memory", """{"agent":"worker","user":"held","kind":"semantic","text":"a sentence that is held"}""", null);
        await using var neighbour = await api.NeighbourAsync();
        var index = neighbour.Services.GetRequiredService<IMemoryIndex>();
        var embedding = neighbour.Services.GetRequiredService<IMemoryEmbedding>();
        var vector = (await embedding.EmbedAsync(Tenants.Default, ["a sentence"], default))[0];
        Assert.Single(await index.NearestAsync(new MemoryScope(Tenants.Default, "user:held", "worker"), embedding.Id, vector, 5, default));
        await PostAsync(client, Path, """{"user":"held"}""", null);
        await neighbour.Services.GetServices<IHostedService>().OfType<ErasureWatch>().Single().LookAsync(default);
        Assert.DoesNotContain((Tenants.Default, "user:held"), index.Holders);
    }

    [Fact]
    public async Task Erase_ByAKeyBoundToTheUser_IsAllowed_AndShowsItsReceiptToNobodyElse()
    {
        using var own = await api.ClientWithAsync(new CreateKey("own", [Scopes.MemoryRead, Scopes.MemoryWrite], User: "self"));
        using var other = await api.ClientWithAsync(new CreateKey("other", [Scopes.MemoryRead, Scopes.MemoryWrite], User: "else"));
        using var answer = await own.PostAsync(Path, BadInputTests.Json("""{"user":"self"}"""));
        var receipt = await answer.Content.ReadFromJsonAsync<ErasureReceipt>(PlatformJson.Options);
        using var mine = await own.GetAsync($"{Path}/{receipt!.Id}");
        using var theirs = await other.GetAsync($"{Path}/{receipt.Id}");
        using var foreign = await other.PostAsync(Path, BadInputTests.Json("""{"user":"self"}"""));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (mine.StatusCode, theirs.StatusCode, foreign.StatusCode));
    }

    private static readonly System.Text.Json.JsonSerializerOptions PlatformJsonLoose = new(PlatformJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };

    private static async Task<string> PostAsync(HttpClient client, string path, string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = BadInputTests.Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return text;
    }

    private sealed record Made(string Id);
}
