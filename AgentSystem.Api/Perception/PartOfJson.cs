using System.Text;
using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Perception;

/// <summary>Reads one part as JSON has it: ours, or OpenAI's.</summary>
internal static class PartOfJson
{
    private const int MaxName = 200;
    private const string Types = "text, image, audio, image_url or input_audio";

    /// <summary>The part, or what is wrong with it, naming the member.</summary>
    public static (PartInput? Input, RunFailure? Failure) Read(PerceptionPart part, string at)
    {
        if (part is null)
        {
            return Wrong(at, "an object with \"type\"");
        }

        if (part.Name?.Length > MaxName)
        {
            return Wrong(at + ".name", $"at most {MaxName} characters long");
        }

        return part switch
        {
            { Type: "text", Text: { } text } => (new PartInput(part.Name, "text", part.MediaType, Encoding.UTF8.GetBytes(text)), null),
            { Type: "text" } => Wrong(at + ".text", "the text"),
            { Type: "image", Url: { } url, Data: null } => FromUrl(part, url, at + ".url"),
            { Type: "image_url", ImageUrl.Url: { } url } => FromUrl(part, url, at + ".image_url.url"),
            { Type: "image_url" } => Wrong(at + ".image_url", "{\"url\": a data: URI}"),
            { Type: "image" or "audio", Data: { } data, Url: null } => FromBase64(part, data, part.MediaType, at + ".data"),
            { Type: "image" or "audio" } => Wrong(at + ".data", "base64 data, and nothing beside it in \"url\""),
            { Type: "input_audio", InputAudio: { } audio } => FromBase64(part, audio.Data, audio.Format is null ? part.MediaType : "audio/" + audio.Format, at + ".input_audio.data"),
            { Type: "input_audio" } => Wrong(at + ".input_audio", "{\"data\": base64, \"format\"}"),
            _ => Wrong(at + ".type", $"one of {Types}"),
        };
    }

    private static (PartInput?, RunFailure?) FromUrl(PerceptionPart part, string url, string at)
    {
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return (null, RunFailure.Invalid("unsupported_value", $"\"{at}\" must be a data: URI with a base64 image; addresses are not fetched here, send the content itself.", at));
        }

        var comma = url.IndexOf(',', StringComparison.Ordinal);
        var head = comma < 0 ? [] : url[5..comma].Split(';');
        return head.Length > 0 && head[^1].Equals("base64", StringComparison.OrdinalIgnoreCase)
            ? FromBase64(part, url[(comma + 1)..], head.Length > 1 && head[0].Length > 0 ? head[0].ToLowerInvariant() : part.MediaType, at)
            : Wrong(at, "a data: URI with a base64 image");
    }

    private static (PartInput?, RunFailure?) FromBase64(PerceptionPart part, string data, string? mediaType, string at)
    {
        var bytes = new byte[data.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(data, bytes, out var written)
            ? (new PartInput(part.Name, part.Type is "image" or "image_url" ? "image" : "audio", mediaType?.ToLowerInvariant(), bytes.AsMemory(0, written)), null)
            : Wrong(at, "base64");
    }

    private static (PartInput?, RunFailure?) Wrong(string at, string mustBe) => (null, RunFailure.Invalid("invalid_value", $"\"{at}\" must be {mustBe}.", at));
}
