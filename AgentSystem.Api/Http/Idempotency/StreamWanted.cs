using System.Text.Json;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>Whether a request of OpenAI's surface asks for a stream, told from the raw body: a repeated one then reads along instead of waiting for the end.</summary>
internal static class StreamWanted
{
    /// <summary>True when the body's own member <c>stream</c> is true. A body that is no JSON wants none; whoever runs it says what is wrong with it.</summary>
    public static bool In(HttpRequest request, ReadOnlyMemory<byte> body) => request.Path.StartsWithSegments("/v1") && In(body.Span);

    private static bool In(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = PlatformJson.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("stream"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.True;
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }
}
