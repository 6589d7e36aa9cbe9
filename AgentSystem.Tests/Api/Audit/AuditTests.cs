using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Api.Audit;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Tests.Api.Audit;

public sealed class AuditTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task List_WithFilters_GivesPagesOfWhatMatches()
    {
        using var client = api.Client();
        var agent = $"agent-{Guid.NewGuid():n}"[..20];
        for (var i = 0; i < 3; i++)
        {
            using var gone = await client.DeleteAsync($"/api/v1/agents/{agent}");
        }

        var all = await ListAsync(client, $"?object=agent:{agent}");
        Assert.Equal(6, all.Data.Count);
        Assert.Equal(all.Data.OrderByDescending(static entry => entry.At).Select(static entry => entry.Id), all.Data.Select(static entry => entry.Id));
        Assert.All(all.Data, static entry => Assert.Equal("agent.archive", entry.Action));
        Assert.Equal(3, (await ListAsync(client, $"?object=agent:{agent}&decision=failed")).Data.Count);
        Assert.Equal(6, (await ListAsync(client, $"?object=agent:{agent}&action=agent.&actor={Uri.EscapeDataString(all.Data[0].Actor)}")).Data.Count);
        Assert.Empty((await ListAsync(client, $"?object=agent:{agent}&to=2026-01-01T00:00:00Z")).Data);

        var first = await ListAsync(client, $"?object=agent:{agent}&limit=4");
        var rest = await ListAsync(client, $"?object=agent:{agent}&limit=4&cursor={first.NextCursor}");
        Assert.Equal(all.Data.Select(static entry => entry.Id), first.Data.Concat(rest.Data).Select(static entry => entry.Id));
        Assert.Null(rest.NextCursor);
    }

    [Theory]
    [InlineData("?decision=maybe", "decision")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=soon", "to")]
    [InlineData("?cursor=bm9uZQ", "cursor")]
    [InlineData("/consistency?from=0&to=1", "from")]
    [InlineData("/consistency?from=5&to=1", "to")]
    public async Task Get_WithAWrongParameter_IsRefusedByItsName(string query, string named)
    {
        using var answer = await api.Client().GetAsync("/api/v1/security/audit" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(named, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("/none-1")]
    [InlineData("/consistency?from=999999&to=999999")]
    public async Task Get_WhatIsNotThere_Answers404(string path)
    {
        using var answer = await api.Client().GetAsync("/api/v1/security/audit" + path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Everything_WithoutItsScope_Answers403()
    {
        using var chat = await api.ChatClientAsync();
        using var reading = await api.ClientWithAsync(new CreateKey("auditor", [Scopes.SecurityRead]));
        foreach (var path in new[] { "", "/verify", "/export", "/key", "/roots", "/s-1" })
        {
            using var refused = await chat.GetAsync("/api/v1/security/audit" + path);
            using var answer = await reading.GetAsync("/api/v1/security/audit" + path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.NotEqual(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var erase = await reading.PostAsJsonAsync("/api/v1/security/audit/erasures", new EraseAuditSubject("anna"), PlatformJson.Options);
        Assert.Equal(HttpStatusCode.Forbidden, erase.StatusCode);
    }

    [Fact]
    public async Task Verify_ThenExport_AgreeAndTheExportNeedsNoServer()
    {
        using var client = api.Client();
        using var gone = await client.DeleteAsync("/api/v1/agents/nobody");
        await SignAsync();
        var there = (await client.GetFromJsonAsync<AuditVerification>("/api/v1/security/audit/verify", PlatformJson.Options))!;
        var key = (await client.GetFromJsonAsync<AuditKeyView>("/api/v1/security/audit/key", PlatformJson.Options))!;
        using var export = await client.GetAsync("/api/v1/security/audit/export");
        var text = await export.Content.ReadAsStringAsync();

        Assert.Empty(there.Problems);
        Assert.True(there.SignedEntries > 0);
        Assert.Equal(ExportAuditType, export.Content.Headers.ContentType!.MediaType);
        Assert.Equal((0, true), await VerbAsync(text, key.PublicKey, "The audit log is whole"));
        Assert.Equal((1, true), await VerbAsync(text.Replace("agent:nobody", "agent:anyone", StringComparison.Ordinal), key.PublicKey, "altered: "));
    }

    [Fact]
    public async Task One_OfThem_ComesWithItsProof()
    {
        using var client = api.Client();
        using var gone = await client.DeleteAsync("/api/v1/agents/nobody");
        await SignAsync();
        var entry = (await ListAsync(client, "?action=agent.archive&limit=1")).Data[0];

        var proof = (await client.GetFromJsonAsync<AuditEntryProof>($"/api/v1/security/audit/{entry.Id}", PlatformJson.Options))!;
        Assert.Equal(entry.Hash, proof.Entry.Hash);
        Assert.NotNull(proof.Inclusion);
        var roots = (await client.GetFromJsonAsync<ListPage<AuditRootView>>("/api/v1/security/audit/roots?limit=1", PlatformJson.Options))!;
        var consistency = (await client.GetFromJsonAsync<AuditConsistency>($"/api/v1/security/audit/consistency?from={roots.Data[0].Size}&to={roots.Data[0].Size}", PlatformJson.Options))!;
        Assert.Empty(consistency.Path);
    }

    [Fact]
    public async Task Erasure_OfSomebodyUnknown_SaysSoAndIsItselfAudited()
    {
        using var client = api.Client();
        using var answer = await client.PostAsJsonAsync("/api/v1/security/audit/erasures", new EraseAuditSubject("user:nobody-here"), PlatformJson.Options);

        Assert.False((await answer.Content.ReadFromJsonAsync<AuditSubjectErased>(PlatformJson.Options))!.Erased);
        var entry = (await ListAsync(client, "?action=audit_subject.erase&limit=1")).Data[0];
        Assert.Equal("allowed", entry.Decision);
        Assert.DoesNotContain("nobody-here", JsonSerializer.Serialize(entry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("verify")]
    [InlineData("prove --export x")]
    [InlineData("verify --export")]
    [InlineData("verify --import x")]
    [InlineData("verify --export /nowhere/at/all")]
    public async Task TheVerb_CalledWrongly_SaysHow(string line)
    {
        var errors = new StringWriter();

        Assert.Equal(2, await AuditVerb.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), TextWriter.Null, errors));
        Assert.Contains("audit verify --export FILE", errors.ToString(), StringComparison.Ordinal);
    }

    private const string ExportAuditType = "application/jsonl";

    private static async Task<ListPage<AuditEntryView>> ListAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<ListPage<AuditEntryView>>("/api/v1/security/audit" + query, PlatformJson.Options))!;

    private static async Task<(int Code, bool Says)> VerbAsync(string export, string key, string words)
    {
        var folder = Directory.CreateTempSubdirectory("audit-verb-");
        try
        {
            var (lines, pem, output) = (Path.Combine(folder.FullName, "export.jsonl"), Path.Combine(folder.FullName, "key.pem"), new StringWriter());
            await File.WriteAllTextAsync(lines, export);
            await File.WriteAllTextAsync(pem, key);
            return (await AuditVerb.RunAsync(["verify", "--export", lines, "--public-key", pem], output, TextWriter.Null), output.ToString().StartsWith(words, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task SignAsync()
    {
        await api.Services.GetRequiredService<ChainedAuditLog>().FlushAsync(default);
        await api.Services.GetServices<IHostedService>().OfType<AuditRooter>().Single().SignAsync(default);
    }
}
