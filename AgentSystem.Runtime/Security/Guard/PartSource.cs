using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Security.Guard;

/// <summary>Where a part of a conversation comes from. Only the first three may tell the model what to do.</summary>
public enum PartSource
{
    /// <summary>The agent's instructions, or the caller's own system message.</summary>
    System,

    /// <summary>The person who asks.</summary>
    User,

    /// <summary>The model itself, earlier.</summary>
    Assistant,

    /// <summary>A tool's result.</summary>
    Tool,

    /// <summary>What was remembered.</summary>
    Memory,

    /// <summary>A document, a picture, a recording.</summary>
    File,
}

/// <summary>Tells for every part of a conversation where it comes from: by the message's role, and for a tool's result by the tool that was called.</summary>
public static class Provenance
{
    /// <summary>The sources of the parts of each message, in their order.</summary>
    /// <param name="conversation">The whole conversation: a result names the call, and the call the tool.</param>
    /// <param name="ofTool">What the results of a tool are; null for tools it does not know, which are <see cref="PartSource.Tool"/>.</param>
    public static IReadOnlyList<IReadOnlyList<PartSource>> Of(IReadOnlyCollection<ChatMessage> conversation, Func<string, PartSource?> ofTool)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ArgumentNullException.ThrowIfNull(ofTool);
        var tools = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var call in conversation.SelectMany(static message => message.Contents).OfType<FunctionCallContent>())
        {
            tools[call.CallId] = call.Name;
        }

        return [.. conversation.Select(message => (IReadOnlyList<PartSource>)[.. message.Contents.Select(part => Of(message.Role, part, tools, ofTool))])];
    }

    /// <summary>True for text that is data to the model, whatever it says.</summary>
    public static bool IsUntrusted(PartSource source) => source >= PartSource.Tool;

    private static PartSource Of(ChatRole role, AIContent part, Dictionary<string, string> tools, Func<string, PartSource?> ofTool) => part switch
    {
        FunctionResultContent result => tools.TryGetValue(result.CallId, out var tool) ? ofTool(tool) ?? PartSource.Tool : PartSource.Tool,
        DataContent or UriContent => PartSource.File,
        _ when role == ChatRole.Tool => PartSource.Tool,
        _ when role == ChatRole.Assistant => PartSource.Assistant,
        _ when role == ChatRole.System => PartSource.System,
        _ => PartSource.User,
    };
}
