using System.Text.Json;
using System.Text.Unicode;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Chat;

/// <summary>Walks the raw bytes of a body once, before anything is decoded: valid UTF-8, valid JSON, not too deep, no text too long.</summary>
internal static class RequestScan
{
    /// <summary>Longest single text, in bytes as sent (contract: 1 MB). Media parts are exempt: the body's limit bounds them.</summary>
    public const int MaxTextBytes = 1024 * 1024;

    /// <summary>Null when the body may be decoded.</summary>
    public static RunFailure? Check(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return RunFailure.Invalid("invalid_utf8", "The body is not valid UTF-8.");
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = PlatformJson.MaxDepth });
        var member = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped && EscapeScan.FindsBad(reader.ValueSpan))
                {
                    return RunFailure.Invalid("invalid_unicode", $"A text in \"{member}\" has a \\u escape that is half a character, or the character U+0000; leave it out.");
                }

                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    member = reader.ValueSpan.Length > 64 ? "" : reader.GetString()!;
                }
                else if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > MaxTextBytes && member is not ("url" or "data"))
                {
                    return new RunFailure(413, "invalid_request_error", "text_too_long", $"One text in \"{member}\" is longer than 1 MB; shorten it or split it.", member);
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
}
