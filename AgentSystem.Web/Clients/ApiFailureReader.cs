using System.Text.Json;

namespace AgentSystem.Web.Clients;

/// <summary>Reads both envelopes an error can come in: <c>{"error":{...}}</c> of the OpenAI surface and problem+json of the platform.</summary>
internal static class ApiFailureReader
{
    private const int LongestBody = 64 * 1024;

    public static async Task<ApiFailure> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        return Parse((int)answer.StatusCode, body.Length <= LongestBody ? body : "");
    }

    /// <summary>Never fails: a body that is neither envelope gives the status in words.</summary>
    public static ApiFailure Parse(int status, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return FromElement(status, json.RootElement) ?? InWords(status);
        }
        catch (JsonException)
        {
            return InWords(status);
        }
    }

    /// <summary>The failure <paramref name="root"/> describes, or null when it describes none.</summary>
    public static ApiFailure? FromElement(int status, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (root.TryGetProperty("error", out var error))
        {
            return error.ValueKind switch
            {
                JsonValueKind.Object => Known(status, Text(error, "code") ?? Text(error, "type"), Text(error, "message") ?? InWords(status).Message, Text(error, "param")),
                JsonValueKind.String => new(status, $"http_{status}", error.GetString()!),
                _ => null,
            };
        }

        var message = Text(root, "detail") ?? Text(root, "title");
        return message is null ? null : Known(status, Text(root, "code"), message, Text(root, "param"));
    }

    private static ApiFailure Known(int status, string? code, string message, string? member) =>
        new(status, code ?? $"http_{status}", code is null ? message : ConsoleCures.InButtons(code, message)) { Member = member };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static ApiFailure InWords(int status) => new(status, $"http_{status}", status switch
    {
        401 => "The API does not accept this key.",
        403 => "This key may not do that.",
        404 => "The API does not know this address. Check that Api:Url names an AgentSystem API of the same version.",
        429 => "Too many requests; try again in a moment.",
        >= 500 => $"The API failed with status {status}. Its log says why.",
        _ => $"The API answered with status {status}.",
    });
}
