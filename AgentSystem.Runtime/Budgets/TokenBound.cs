using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Budgets;

/// <summary>
/// The most tokens a call can take. A token of a byte-level or byte-fallback vocabulary stands for one byte or more, so a text has at most as many tokens as UTF-8 bytes;
/// what a provider's template adds around messages and tools is bounded by the constants here, media by <see cref="BudgetsOptions.MediaTokens"/>.
/// </summary>
/// <param name="Input">Most input tokens.</param>
/// <param name="Output">Most output tokens: the limit that is sent along.</param>
public sealed record TokenBound(long Input, long Output)
{
    /// <summary>Tokens a template may add to a conversation.</summary>
    public const int PerRequest = 64;

    /// <summary>Tokens a template may add to a message or a part of one: its role, its delimiters, the names of its parts.</summary>
    public const int PerMessage = 32;

    /// <summary>Tokens a provider may add where tools are offered: its own explanation of how to call them.</summary>
    public const int ForTools = 1_024;

    /// <summary>Tokens a template may add to a tool.</summary>
    public const int PerTool = 64;

    // A template may write a schema with a blank after each comma and colon, which no more than doubles it.
    private const int SchemaFactor = 2;

    /// <summary>The bound of a conversation.</summary>
    /// <param name="conversation">All of what is sent.</param>
    /// <param name="options">With the limit of output tokens, which must be set: without one nothing is bounded.</param>
    /// <param name="mediaTokens">See <see cref="BudgetsOptions.MediaTokens"/>.</param>
    public static TokenBound Of(IEnumerable<ChatMessage> conversation, ChatOptions? options, int mediaTokens)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        var input = (long)PerRequest + Bytes(options?.Instructions);
        foreach (var message in conversation)
        {
            input += PerMessage + Bytes(message.AuthorName) + message.Contents.Sum(content => PerMessage + Content(content, mediaTokens));
        }

        if (options?.Tools is { Count: > 0 } tools)
        {
            input += ForTools + tools.Sum(static tool => PerTool + Bytes(tool.Name) + Bytes(tool.Description) + (tool is AIFunctionDeclaration { JsonSchema: var schema } ? Schema(schema) : 0));
        }

        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } format } json)
        {
            input += PerTool + Bytes(json.SchemaName) + Bytes(json.SchemaDescription) + Schema(format);
        }

        return new TokenBound(input, options?.MaxOutputTokens ?? 0);
    }

    /// <summary>The bound of some texts that are made vectors of.</summary>
    public static TokenBound Of(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new TokenBound(texts.Sum(static text => PerMessage + Bytes(text)), 0);
    }

    private static long Content(AIContent content, int mediaTokens) => content switch
    {
        TextContent text => Bytes(text.Text),
        TextReasoningContent text => Bytes(text.Text) + Bytes(text.ProtectedData),
        FunctionCallContent call => Bytes(call.CallId) + Bytes(call.Name) + (call.Arguments is null ? 0 : Json(call.Arguments)),
        FunctionResultContent result => Bytes(result.CallId) + (result.Result is string text ? Bytes(text) : Json(result.Result)),
        DataContent data => Math.Max(mediaTokens, data.Data.Length),
        _ => mediaTokens,
    };

    private static long Schema(JsonElement schema) => schema.ValueKind == JsonValueKind.Undefined ? 0 : (long)SchemaFactor * Bytes(schema.GetRawText());

    private static long Json(object? value) => JsonSerializer.SerializeToUtf8Bytes(value, AIJsonUtilities.DefaultOptions).LongLength;

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
