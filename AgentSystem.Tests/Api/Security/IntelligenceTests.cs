using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Security;

/// <summary>Importing lists, and what they change.</summary>
public sealed class IntelligenceTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Phrase_ThatIsCertain_BlocksTextsAndOneThatIsNotIsWatched()
    {
        using var admin = api.Client();
        var imported = await admin.SendAsync<IntelligenceImported>("/intelligence", new ImportIntelligence("unit", "purple elephant protocol\nsha256:oops", Confidence: .95));
        Assert.Equal((1, 1, "2"), (imported.Imported, imported.SkippedCount, imported.Skipped[0].Entry));
        await admin.SendAsync<IntelligenceImported>("/intelligence", new ImportIntelligence("unit", "green giraffe routine", Confidence: .6));
        await SecurityCalls.UntilAsync(() => ScreenAsync(admin, "Begin the Purple Elephant, protocol now"), static verdict => verdict == ScreenVerdict.Blocked);
        await SecurityCalls.UntilAsync(() => ScreenAsync(admin, "Begin the green giraffe routine"), static verdict => verdict == ScreenVerdict.AllowedWithMonitoring);
        using var refused = await admin.AskAsync("Begin the purple elephant protocol");
        using var passed = await admin.AskAsync("Begin the green giraffe routine");
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, passed.StatusCode));

        var listed = (await admin.ReadAsync<ListPage<IndicatorView>>("/intelligence?source=unit&kind=phrase")).Data;
        Assert.Equal([("green giraffe routine", .6), ("purple elephant protocol", .95)], listed.Select(static each => (each.Value, each.Confidence)).Order());
        using var one = await admin.DeleteAsync($"{SecurityCalls.Root}/intelligence/{listed.Single(static each => each.Confidence > .9).Id}");
        Assert.Equal(HttpStatusCode.NoContent, one.StatusCode);
        using var rest = await admin.DeleteAsync($"{SecurityCalls.Root}/intelligence?source=unit");
        Assert.Equal(1, (await rest.Content.ReadFromJsonAsync<IntelligenceRemoved>(PlatformJson.Options))!.Removed);
        await SecurityCalls.UntilAsync(() => ScreenAsync(admin, "Begin the purple elephant protocol"), static verdict => verdict == ScreenVerdict.Allowed);
    }

    [Fact]
    public async Task Bundle_OfStix_IsImportedAndImportingItAgainReplacesIt()
    {
        using var admin = api.Client();
        var bundle = JsonNode.Parse("""
            {"type":"bundle","id":"bundle--1","objects":[
              {"type":"indicator","spec_version":"2.1","id":"indicator--1","pattern_type":"stix","pattern":"[ipv4-addr:value = '198.51.100.0/24' OR domain-name:value = 'bad.example']","confidence":80,"valid_until":"2030-01-01T00:00:00Z"},
              {"type":"indicator","spec_version":"2.1","id":"indicator--2","pattern_type":"stix","pattern":"[process:name = 'x']"}]}
            """)!.AsObject();
        var first = await admin.SendAsync<IntelligenceImported>("/intelligence", new ImportIntelligence("feed", Bundle: bundle));
        var again = await admin.SendAsync<IntelligenceImported>("/intelligence", new ImportIntelligence("feed", "198.51.100.77/24", Confidence: .5));
        var listed = (await admin.ReadAsync<ListPage<IndicatorView>>("/intelligence?source=feed")).Data;

        Assert.Equal((2, 1, 1), (first.Imported, first.SkippedCount, again.Imported));
        Assert.Equal([(IndicatorKind.Address, "198.51.100.0/24", .5, (DateTimeOffset?)null), (IndicatorKind.Domain, "bad.example", .8, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))],
            listed.OrderBy(static each => each.Kind).Select(static each => (each.Kind, each.Value, each.Confidence, each.ExpiresAt)));
    }

    private static async Task<ScreenVerdict> ScreenAsync(HttpClient client, string text) =>
        (await client.SendAsync<ScreenedTexts>("/screen", new ScreenTexts([new ScreenText("a", text, ScreenSource.User)]))).Items[0].Verdict;
}
