using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>Walks the raw bytes of a body once, before anything is decoded: valid UTF-8, valid JSON, not too deep, no text too long.</summary>
internal static partial class RequestScan
{
    /// <summary>Longest single text, in bytes as sent (contract: 1 MB). Media parts of a conversation are exempt: the body's limit bounds them.</summary>
    public const int MaxTextBytes = 1024 * 1024;

    /// <summary>Null when the body may be decoded.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="mayHoldMedia">True for a conversation, whose image and audio parts may be longer than a text.</param>
    /// <param name="mayHoldParts">True for parts to be perceived, of which the same holds.</param>
    public static RunFailure? Check(ReadOnlySpan<byte> body, bool mayHoldMedia = false, bool mayHoldParts = false)
    {
        if (!Utf8.IsValid(body))
        {
            return RunFailure.Invalid("invalid_utf8", "The body is not valid UTF-8.");
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = PlatformJson.MaxDepth });
        var place = new JsonPlace(body);
        try
        {
            while (reader.Read())
            {
                place.Follow(ref reader);
                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
                {
                    continue;
                }

                if (reader.ValueIsEscaped && EscapeScan.FindsBad(reader.ValueSpan))
                {
                    return BadText(place.Name(ref reader), reader.TokenType);
                }

                if (reader.ValueSpan.Length > MaxTextBytes && TooLong(place.Name(ref reader), reader.TokenType, (mayHoldMedia, mayHoldParts)) is { } tooLong)
                {
                    return tooLong;
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            // The reader counts from 0 and stops before it enters the level too many.
            return reader.CurrentDepth >= PlatformJson.MaxDepth - 1
                ? RunFailure.Invalid("json_too_deep", $"The body is nested deeper than {PlatformJson.MaxDepth} levels.")
                : RunFailure.Invalid("invalid_json", $"The body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).");
        }
    }

    private static RunFailure BadText(string? name, JsonTokenType token) =>
        RunFailure.Invalid("invalid_unicode", $"{Where(name, token)} has a \\u escape that is half a character, or the character U+0000; leave it out.", name);

    private static RunFailure? TooLong(string? name, JsonTokenType token, (bool Media, bool Parts) mayHold) =>
        token == JsonTokenType.String && name is not null && ((mayHold.Media && MediaPart().IsMatch(name)) || (mayHold.Parts && PerceivedPart().IsMatch(name)))
        ? null
        : new RunFailure(413, "invalid_request_error", "text_too_long", $"{Where(name, token)} is longer than 1 MB; shorten it or split it.", name);

    private static string Where(string? name, JsonTokenType token) => (token, name) switch
    {
        (JsonTokenType.PropertyName, null) => "The name of a member",
        (JsonTokenType.PropertyName, _) => $"The name of a member of \"{name}\"",
        (_, null) => "The body",
        _ => $"The text in \"{name}\"",
    };

    /// <summary>The places a conversation carries media in, of either endpoint; a member of that name elsewhere is a text like any other.</summary>
    [GeneratedRegex(@"^(messages\[\d+\]\.content\[\d+\]\.(image_url\.url|input_audio\.data)|input\[\d+\]\.content\[\d+\]\.(image_url|input_audio\.data))\z")]
    private static partial Regex MediaPart();

    /// <summary>The places parts to be perceived carry media in.</summary>
    [GeneratedRegex(@"^parts\[\d+\]\.(data|url|image_url\.url|input_audio\.data)\z")]
    private static partial Regex PerceivedPart();
}
