namespace AgentSystem.Contracts.Perception;

/// <summary>JSON body of <c>POST /api/v1/perception</c>; files go as <c>multipart/form-data</c> with parts <c>file</c> and <c>text</c>.</summary>
/// <param name="Parts">1 to 16, of any mix.</param>
/// <param name="Thumbnails">True: small pictures come back as data: URIs.</param>
/// <param name="Describe">True: images are described and sounds transcribed by the models the operator configured for it, which may cost money.</param>
public sealed record Perceive(IReadOnlyList<PerceptionPart> Parts, bool Thumbnails = false, bool Describe = false);

/// <summary>
/// One part: <c>{"type":"text","text"}</c>, <c>{"type":"image","data"}</c> (base64) or <c>"url"</c> (a data: URI), <c>{"type":"audio","data"}</c>; also as OpenAI has them:
/// <c>{"type":"image_url","image_url":{"url"}}</c> and <c>{"type":"input_audio","input_audio":{"data","format"}}</c>.
/// </summary>
/// <param name="MediaType">What the data are said to be; they must be it. Absent: what they are is looked at.</param>
/// <param name="Name">Comes back with the result.</param>
public sealed record PerceptionPart(
    string Type, string? Text = null, string? Data = null, string? Url = null, string? MediaType = null, string? Name = null, PerceptionImageUrl? ImageUrl = null, PerceptionAudio? InputAudio = null);

/// <summary>OpenAI's way to write an image.</summary>
/// <param name="Detail">Accepted and not used.</param>
public sealed record PerceptionImageUrl(string Url, string? Detail = null);

/// <summary>OpenAI's way to write a sound.</summary>
/// <param name="Format">Such as <c>wav</c> or <c>mp3</c>.</param>
public sealed record PerceptionAudio(string Data, string? Format = null);

/// <summary>Answer of <c>POST /api/v1/perception</c>.</summary>
/// <param name="Parts">One for each part, in their order.</param>
public sealed record Perceived(IReadOnlyList<PerceivedPart> Parts);

/// <summary>What became of one part.</summary>
/// <param name="Index">Starts at 0.</param>
/// <param name="Name">As it was sent.</param>
/// <param name="Type"><c>text</c>, <c>image</c>, <c>audio</c> or <c>unknown</c>.</param>
/// <param name="Status"><c>processed</c>: all of it. <c>degraded</c>: in part, <c>reasons</c> says what is missing. <c>refused</c>: nothing was done with it.</param>
/// <param name="Code">Of a refused part, for programs.</param>
/// <param name="Reasons">For people; each names the cure.</param>
/// <param name="MediaType">What the bytes are.</param>
/// <param name="Sha256">Of the bytes, in hex.</param>
/// <param name="Cached">True when the same bytes were looked at before.</param>
/// <param name="Milliseconds">Time spent on it.</param>
public sealed record PerceivedPart(
    int Index, string? Name, string Type, string Status, string? Code, IReadOnlyList<string> Reasons, string? MediaType, long Bytes, string Sha256, bool Cached, double Milliseconds,
    TextFacts? Text = null, ImageFacts? Image = null, AudioFacts? Audio = null);

/// <summary>What can become of a part.</summary>
public static class PerceptionStatus
{
    public const string Processed = "processed";
    public const string Degraded = "degraded";
    public const string Refused = "refused";
}
