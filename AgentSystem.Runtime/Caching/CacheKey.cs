using System.Security.Cryptography;
using System.Text.Json;
using AgentSystem.Contracts.Agents;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Caching;

/// <summary>The exact key: tenant, user, agent version, model, parameters, permitted tools and the whole conversation. Two requests share it only when they ask the same.</summary>
public static class CacheKey
{
    /// <summary>SHA-256 in hex, prefixed by a hash of the tenant so that a tenant's entries can be found; null when the request must not be cached.</summary>
    /// <remarks>Not cached: a temperature above 0 without a seed (the client asked for variety), client tools (their results are the client's), and parts that are not text.</remarks>
    public static string? Of(string tenant, string user, AgentDefinition agent, IReadOnlyList<ChatMessage> messages, ChatOptions options, IReadOnlyList<string> permittedTools)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(options);
        if (options is { Temperature: > 0, Seed: null } || options.Tools is { Count: > 0 } || messages.Any(m => m.Contents.Any(c => c is not TextContent)))
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var part in new[] { "v1", tenant, user, agent.Name, agent.Model, agent.Instructions })
            {
                json.WriteStringValue(part);
            }

            json.WriteNumberValue(agent.Version);
            WriteParameters(json, options);
            WriteStrings(json, agent.Tools);
            WriteStrings(json, permittedTools.Order(StringComparer.Ordinal));
            foreach (var message in messages)
            {
                json.WriteStringValue(message.Role.Value);
                json.WriteStringValue(message.Text);
            }

            json.WriteEndArray();
        }

        return Prefix(tenant) + Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()));
    }

    /// <summary>What every key of a tenant begins with.</summary>
    public static string Prefix(string tenant) => "answer:" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(tenant)))[..16] + ":";

    private static void WriteParameters(Utf8JsonWriter json, ChatOptions options)
    {
        json.WriteStringValue($"{options.Temperature:R}|{options.TopP:R}|{options.MaxOutputTokens}|{options.Seed}|{options.FrequencyPenalty:R}|{options.PresencePenalty:R}");
        json.WriteStringValue(options.ToolMode switch
        {
            null => "",
            RequiredChatToolMode required => "required:" + required.RequiredFunctionName,
            NoneChatToolMode => "none",
            _ => "auto",
        });
        json.WriteStringValue(options.AllowMultipleToolCalls?.ToString());
        json.WriteStringValue(options.ResponseFormat switch
        {
            ChatResponseFormatJson { Schema: { } schema } => "schema:" + schema.GetRawText(),
            ChatResponseFormatJson => "json",
            _ => "text",
        });
        WriteStrings(json, options.StopSequences ?? []);
    }

    private static void WriteStrings(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
