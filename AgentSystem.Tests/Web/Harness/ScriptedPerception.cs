using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Perception;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Looks at parts without looking: a text is always the same note, a file is a picture, a sound or nothing by its name.</summary>
internal static class ScriptedPerception
{
    private const string Pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static void Map(WebApplication app) => app.MapPost("/api/v1/perception", async (HttpRequest request) =>
    {
        if (!request.HasFormContentType)
        {
            return Results.Json(new Perceived([Note]), PlatformJson.Options);
        }

        var file = (await request.ReadFormAsync()).Files[0];
        return file.FileName switch
        {
            "house.jpg" => Results.Json(new Perceived([Picture]), PlatformJson.Options),
            "tape.flac" => Results.Json(new Perceived([Sound]), PlatformJson.Options),
            _ => ScriptedApi.Problem(422, "image_truncated", "The image ends before it is complete; send the whole file."),
        };
    });

    private static PerceivedPart Note { get; } = Blank("text", null, PerceptionStatus.Processed) with
    {
        Text = new TextFacts(
            31, 6, 1, 1, new LanguageFacts("en", "latin", 0.97, []), new TextStructure([], 0, [], [], []), [new TextEntity("person", "Ada Lovelace", 8, 20)],
            [new TextDate("12 March 2027", 25, 38, new DateTimeOffset(2027, 3, 12, 0, 0, 0, TimeSpan.Zero), "day", false, false)], false),
    };

    private static PerceivedPart Picture { get; } = Blank("image", "house.jpg", PerceptionStatus.Processed) with
    {
        Image = new ImageFacts(120, 80, 1, false, new ExifFacts(6, "Acme", null, null, null, true), ["exif"], "00ff00ff00ff00ff", "#aa3322", Pixel, new CleanCopy("image/jpeg", 120, 80, 900)),
    };

    private static PerceivedPart Sound { get; } = Blank("audio", "tape.flac", PerceptionStatus.Degraded) with
    {
        Reasons = ["There is no transcript: the operator names the model that hears in Perception:TranscriptionModel."],
        Audio = new AudioFacts("flac", 10, 44_100, 2, 16, new LevelFacts(-6, -13, 0.4, [new TimeSpanFacts(0.3, 0.7)], [0, 0.5, 0], 10)),
    };

    private static PerceivedPart Blank(string type, string? name, string status) => new(0, name, type, status, null, [], type + "/x", 1_234, "00", false, 1.5);
}
