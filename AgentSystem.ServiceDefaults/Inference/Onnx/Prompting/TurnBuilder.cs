using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>Everything one answer needs before it is decoded.</summary>
/// <param name="Prompt">The conversation in tokens.</param>
/// <param name="Parser">Reads and checks a call; null when none may be made.</param>
internal sealed record Turn(IReadOnlyList<int> Prompt, IReadOnlyList<ToolSchema> Tools, CopySources Sources, bool MustCall, ToolCallParser? Parser);

/// <summary>Turns a conversation and its options into a <see cref="Turn"/>: the same for every engine that runs model folders.</summary>
internal sealed class TurnBuilder(string model, BytePairTokenizer tokenizer, IChatTemplate template, AgentSystemProfile profile, int contextTokens)
{
    /// <summary>Room wanted for an answer before an earlier exchange is worth its place.</summary>
    private const int ComfortableAnswerTokens = 128;

    /// <summary>Prepares an answer.</summary>
    /// <exception cref="ModelInputTooLongException">The conversation leaves no room for one.</exception>
    /// <exception cref="NotSupportedException">It holds something other than text.</exception>
    public Turn Build(IEnumerable<ChatMessage> conversation, ChatOptions? options)
    {
        var messages = conversation.ToList();
        MessageText.RequireText(messages);
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            messages.Insert(0, new ChatMessage(ChatRole.System, instructions));
        }

        var named = (options?.ToolMode as RequiredChatToolMode)?.RequiredFunctionName;
        var offered = options?.ToolMode is NoneChatToolMode ? [] : options?.Tools?.OfType<AIFunctionDeclaration>().ToArray() ?? [];
        var callable = offered.Where(tool => named is null || tool.Name == named).Select(ToolSchema.Read).ToArray();
        var sources = FindSources(messages);
        return new Turn(
            Encode(messages, offered),
            callable,
            sources,
            options?.ToolMode is RequiredChatToolMode && callable.Length > 0,
            callable.Length == 0 ? null : new ToolCallParser(template.Calls, callable, sources));
    }

    private IReadOnlyList<int> Encode(List<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        if (profile.HistoryExchanges is not { } most)
        {
            return Fit(messages, tools, room: 1) is { Prompt: { } prompt } ? prompt : throw TooLong(messages, tools);
        }

        for (var history = most; history >= 0; history--)
        {
            if (Fit(Latest(messages, history), tools, history > 0 ? ComfortableAnswerTokens : 1) is { Prompt: { } prompt })
            {
                return prompt;
            }
        }

        throw TooLong(Latest(messages, 0), tools);
    }

    // Nothing is encoded that cannot fit: a token is never longer than the longest one.
    private (IReadOnlyList<int>? Prompt, int Tokens) Fit(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools, int room)
    {
        var text = template.Render(messages, tools);
        var atLeast = text.Length / tokenizer.LongestToken;
        if (atLeast + room > contextTokens)
        {
            return (null, atLeast);
        }

        var prompt = tokenizer.Encode(text);
        return (prompt.Count + room > contextTokens ? null : prompt, prompt.Count);
    }

    private ModelInputTooLongException TooLong(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools) =>
        new(model, Fit(messages, tools, room: 1).Tokens, contextTokens);

    // The current exchange and some before it; an exchange begins with a message of the user.
    private static List<ChatMessage> Latest(List<ChatMessage> messages, int history)
    {
        var current = Math.Max(messages.FindLastIndex(message => message.Role == ChatRole.User), 0);
        for (; history > 0 && current > 0; history--)
        {
            current = Math.Max(messages.FindLastIndex(current - 1, message => message.Role == ChatRole.User), 0);
        }

        return messages[current..];
    }

    private static CopySources FindSources(List<ChatMessage> messages)
    {
        var user = messages.FindLastIndex(message => message.Role == ChatRole.User);
        var response = messages.Skip(user + 1).SelectMany(MessageText.Results).LastOrDefault();
        return new CopySources(user < 0 ? "" : messages[user].Text, response);
    }
}
