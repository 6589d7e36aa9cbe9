using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>A call of an agent to copy into a shell.</summary>
internal static class CurlCommand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="api">Where the API is, without a slash at its end.</param>
    /// <param name="agent">The agent's name.</param>
    public static string For(string api, string agent)
    {
        // Single quotes end a shell's word: one inside is written as '\''.
        var body = JsonSerializer.Serialize(new { model = agent, messages = new[] { new { role = "user", content = "Hello" } } }, Readable).Replace("'", @"'\''", StringComparison.Ordinal);
        return $"""
            curl {api}/v1/chat/completions \
              -H "Authorization: Bearer $AGENTSYSTEM_KEY" \
              -H "Content-Type: application/json" \
              -d '{body}'
            """;
    }
}
