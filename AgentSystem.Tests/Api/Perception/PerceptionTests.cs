using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Perception;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Perception;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Perception;

/// <summary><c>POST /api/v1/perception</c>, and what becomes of images and sounds in a conversation.</summary>
public sealed class PerceptionTests(PerceptionFixture api) : IClassFixture<PerceptionFixture>
{
    private const string Path = "/api/v1/perception";

    private static string Png => Convert.ToBase64String(SamplePictures.Png());

    [Fact]
    public async Task Perceive_AMixAsJson_SaysWhatEachPartIs()
    {
        using var client = await api.ChatClientAsync();
        var seen = await SeenAsync(client, $$$"""
            {"thumbnails":true,"parts":[{"type":"text","text":"We meet Ada Lovelace in Paris on 12 March 2027.","name":"note"},{"type":"image","data":"{{{Png}}}","media_type":"image/png"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Png}}}"}},{"type":"input_audio","input_audio":{"data":"{{{Convert.ToBase64String(SampleSounds.Wav())}}}","format":"wav"}},
            {"type":"audio","data":"AAAA"}]}
            """);

        Assert.Equal(["processed", "processed", "processed", "processed", "refused"], seen.Parts.Select(static part => part.Status));
        Assert.Equal(["text", "image", "image", "audio", "audio"], seen.Parts.Select(static part => part.Type));
        Assert.Equal(("note", "en", "2027-03-12"), (seen.Parts[0].Name, seen.Parts[0].Text!.Language.Code, seen.Parts[0].Text!.Dates[0].Value.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.StartsWith("data:image/png;base64,", seen.Parts[1].Image!.Thumbnail, StringComparison.Ordinal);
        Assert.True(seen.Parts[2].Cached);
        Assert.Equal((1.0, -6.0), (seen.Parts[3].Audio!.Seconds, seen.Parts[3].Audio!.Level!.PeakDbfs));
        Assert.Equal("media_type_not_supported", seen.Parts[4].Code);
    }

    [Fact]
    public async Task Perceive_FilesAsMultipart_AreTakenByWhatTheyAre()
    {
        using var client = await api.ChatClientAsync();
        using var form = new MultipartFormDataContent { { File(SamplePictures.Jpeg(), "image/jpeg"), "file", "C:\\photos\\me.jpg" }, { new StringContent("Where were you yesterday?"), "text" }, { File(SampleMp3.Bytes(), "audio/mpeg"), "file", "tape.mp3" }, { new StringContent("true"), "thumbnails" } };
        using var answer = await client.PostAsync(Path, form);
        var seen = (await answer.Content.ReadFromJsonAsync<Perceived>(PlatformJson.Options))!;

        Assert.Equal([("me.jpg", "image"), (null, "text"), ("tape.mp3", "audio")], seen.Parts.Select(static part => (part.Name, part.Type)));
        Assert.All(seen.Parts, static part => Assert.Equal("processed", part.Status));
    }

    [Theory]
    [InlineData("""{"parts":[]}""", 400, "invalid_value", "parts")]
    [InlineData("""{"parts":[{"type":"video","data":"AAAA"}]}""", 400, "invalid_value", "parts[0].type")]
    [InlineData("""{"parts":[{"type":"text"}]}""", 400, "invalid_value", "parts[0].text")]
    [InlineData("""{"parts":[{"type":"image","data":"no base64!"}]}""", 400, "invalid_value", "parts[0].data")]
    [InlineData("""{"parts":[{"type":"image","url":"https://example.com/a.png"}]}""", 400, "unsupported_value", "parts[0].url")]
    [InlineData("""{"parts":[{"type":"image","data":"AAAA","colour":1}]}""", 400, "invalid_json", null)]
    [InlineData("""{"parts":[null]}""", 400, null, null)]
    [InlineData("""{"parts":[{"type":"image","data":"iVBORw0KGgo="}]}""", 422, "image_truncated", "parts[0]")]
    [InlineData("""{"parts":[{"type":"image","data":"R0lGODlhAQABAAAAADs=","media_type":"image/png"}]}""", 400, "media_type_mismatch", "parts[0]")]
    public async Task Perceive_WhatCannotBe_IsRefusedNamingThePart(string body, int status, string? code, string? param)
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(body));
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(code is null || problem.GetProperty("code").GetString() == code, problem.ToString());
        Assert.True(param is null || problem.GetProperty("param").GetString() == param, problem.ToString());
    }

    [Fact]
    public async Task Perceive_AnImageOverAMegabyte_IsNoTextThatIsTooLong()
    {
        using var client = api.Client();
        var large = Convert.ToBase64String([.. SamplePictures.Bmp(800, 600)]);
        Assert.True(large.Length > 1024 * 1024);
        Assert.Equal("processed", (await SeenAsync(client, $$"""{"parts":[{"type":"image","data":"{{large}}"}]}""")).Parts[0].Status);

        using var text = await client.PostAsync(Path, BadInputTests.Json($$"""{"parts":[{"type":"text","text":"{{large}}"}]}"""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, text.StatusCode);
    }

    [Fact]
    public async Task Perceive_WithAKeyThatMayNotChat_Is403()
    {
        using var client = await api.ClientWithAsync(new CreateKey("metrics", [Scopes.Metrics]));
        using var answer = await client.PostAsync(Path, BadInputTests.Json("""{"parts":[{"type":"text","text":"hello"}]}"""));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Perceive_TwiceWithOneIdempotencyKey_IsAnsweredFromTheRecording()
    {
        using var client = api.Client();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "perceive-once");
        using var first = await client.PostAsync(Path, BadInputTests.Json("""{"parts":[{"type":"text","text":"hello there"}]}"""));
        using var again = await client.PostAsync(Path, BadInputTests.Json("""{"parts":[{"type":"text","text":"hello there"}]}"""));

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task Describe_AnImage_AsksTheConfiguredModelWithTheCleanCopyAndCountsAsUsage()
    {
        using var client = api.Client();
        api.Model.Then(Turn.Says("A red house.\nTEXT: For sale"));
        var seen = await SeenAsync(client, $$"""{"describe":true,"parts":[{"type":"image","data":"{{Convert.ToBase64String(SamplePictures.WithExif(SamplePictures.Jpeg(77), 1))}}"}]}""");

        Assert.Equal(("processed", "A red house.", "For sale"), (seen.Parts[0].Status, seen.Parts[0].Image!.Description, seen.Parts[0].Image!.Writing));
        var shown = api.Model.Asked.Last().Messages[^1].Contents.OfType<DataContent>().Single();
        Assert.Equal(-1, shown.Data.Span.IndexOf("Exif"u8));
    }

    [Fact]
    public async Task Describe_ASound_AsksTheEndpointAndDegradesWhenItFails()
    {
        using var client = api.Client();
        var (one, two) = (Convert.ToBase64String(SampleSounds.Wav(SampleSounds.Tone(8_000), 8_000)), Convert.ToBase64String(SampleSounds.Wav(SampleSounds.Tone(11_025), 11_025)));
        var heard = (await SeenAsync(client, $$"""{"describe":true,"parts":[{"type":"audio","data":"{{one}}"}]}""")).Parts[0];
        Assert.Equal(("processed", "hello from the tape"), (heard.Status, heard.Audio!.Transcript));
        Assert.Equal(("whisper-1", "sound.wav", 16_044L, "Bearer secret-of-the-endpoint"), api.Heard);

        api.Transcription = (500, "broken");
        var failed = (await SeenAsync(client, $$"""{"describe":true,"parts":[{"type":"audio","data":"{{two}}"}]}""")).Parts[0];
        api.Transcription = (200, """{"text":"hello from the tape"}""");
        Assert.Equal(("degraded", null, -6.0), (failed.Status, failed.Audio!.Transcript, failed.Audio.Level!.PeakDbfs));
        Assert.Contains("answered 500", Assert.Single(failed.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_AnImageWithItsMetadata_ReachesTheModelWithoutThem()
    {
        var sent = Convert.ToBase64String(SamplePictures.WithExif(SamplePictures.Jpeg(4), 6));
        using var answer = await api.Client().PostAsync("/v1/chat/completions", BadInputTests.Json(
            $$$"""{"model":"assistant","messages":[{"role":"user","content":[{"type":"text","text":"what is this"},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,{{{sent}}}"}}]}]}"""));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var image = api.Model.Asked.Last().Messages[^1].Contents.OfType<DataContent>().Single();
        Assert.Equal("image/jpeg", image.MediaType);
        Assert.Equal(-1, image.Data.Span.IndexOf("Exif"u8));
    }

    [Theory]
    [InlineData("data:image/png;base64,iVBORw0KGgo=", "image_truncated")]
    [InlineData("data:image/jpeg;base64,iVBORw0KGgo=", "media_type_mismatch")]
    [InlineData("data:image/png;base64,aGVsbG8gd29ybGQ=", "media_type_mismatch")]
    public async Task Chat_AnImageThatIsNone_IsRefusedNamingThePart(string url, string code)
    {
        using var answer = await api.Client().PostAsync("/v1/chat/completions", BadInputTests.Json(
            $$$"""{"model":"assistant","messages":[{"role":"user","content":"hello"},{"role":"user","content":[{"type":"text","text":"what is this"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}"""));
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");

        Assert.Equal((code, "messages[1].content[1]"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }

    private static ByteArrayContent File(byte[] content, string mediaType) => new(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static async Task<Perceived> SeenAsync(HttpClient client, string body)
    {
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<Perceived>(PlatformJson.Options))!;
    }
}
