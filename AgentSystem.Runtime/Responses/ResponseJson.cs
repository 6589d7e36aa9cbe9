using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Responses;

/// <summary>The response object, as OpenAI's clients read it.</summary>
public static class ResponseJson
{
    /// <summary>How values inside are written: apostrophes and other letters as they are. It is application/json, never part of a page.</summary>
    public static JsonSerializerOptions Values { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole object.</summary>
    public static JsonObject Of(StoredResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var json = new JsonObject
        {
            ["id"] = response.Id,
            ["object"] = "response",
            ["created_at"] = response.CreatedAt.ToUnixTimeSeconds(),
            // Only of one that is whole, as OpenAI has it.
            ["completed_at"] = response.Status == ResponseStatus.Completed ? response.CompletedAt?.ToUnixTimeSeconds() : null,
            ["status"] = Name(response.Status),
            ["background"] = response.Background,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["usage"] = null,
            ["output"] = JsonNode.Parse(response.Output),
        };
        Merge(json, response.Request);
        Merge(json, response.Result);
        return json;
    }

    /// <summary>As it is sent.</summary>
    public static byte[] Write(JsonNode json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString(Values));
    }

    /// <summary>OpenAI's word for a status.</summary>
    public static string Name(ResponseStatus status) => status == ResponseStatus.InProgress ? "in_progress" : status.ToString().ToLowerInvariant();

    /// <summary>Token counts.</summary>
    public static JsonObject Usage(long input, long output) => new()
    {
        ["input_tokens"] = input,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
        ["output_tokens"] = output,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        ["total_tokens"] = input + output,
    };

    private static void Merge(JsonObject json, string members)
    {
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject().ToList())
        {
            json[name] = value?.DeepClone();
        }
    }
}
