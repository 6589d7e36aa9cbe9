using System.Text.Json.Nodes;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Responses;

namespace AgentSystem.Api.Responses;

/// <summary>The response object, as OpenAI's clients read it.</summary>
internal static class ResponseJson
{
    /// <summary>The whole object.</summary>
    public static JsonObject Of(StoredResponse response)
    {
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
    public static byte[] Write(JsonNode json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(JsonOutput.Values));

    /// <summary>OpenAI's word for a status.</summary>
    public static string Name(ResponseStatus status) => status == ResponseStatus.InProgress ? "in_progress" : status.ToString().ToLowerInvariant();

    /// <summary>Token counts.</summary>
    public static JsonObject Usage(RequestUsage usage) => new()
    {
        ["input_tokens"] = usage.InputTokens,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
        ["output_tokens"] = usage.OutputTokens,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
    };

    private static void Merge(JsonObject json, string members)
    {
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject().ToList())
        {
            json[name] = value?.DeepClone();
        }
    }
}
