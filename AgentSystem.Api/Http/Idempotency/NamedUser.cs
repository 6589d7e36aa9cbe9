using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>On whose behalf a request is, as its body says it: the recorded answer is erased together with everything else of that user.</summary>
internal static class NamedUser
{
    private const string Member = "user";

    /// <summary>The user as runs name it: the key's own, the one the body names, else the key itself.</summary>
    public static string Of(Caller caller, HttpRequest request, ReadOnlyMemory<byte> body) => RequestUser.Name(caller, request.HasJsonContentType() ? Read(body.Span) : null);

    private static string? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = PlatformJson.MaxDepth });
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isUser = reader.ValueTextEquals(Member);
                    reader.Read();
                    if (isUser)
                    {
                        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                    }

                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Refused further in, by name.
        }

        return null;
    }
}
