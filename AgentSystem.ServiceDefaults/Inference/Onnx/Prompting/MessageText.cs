using System.Text.Json;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>Turns messages into the text a template writes.</summary>
internal static class MessageText
{
    /// <summary>Refuses what a text model cannot read, instead of answering as if it had not been sent.</summary>
    /// <exception cref="NotSupportedException">A message holds an image, a file or the like.</exception>
    public static void RequireText(IEnumerable<ChatMessage> messages)
    {
        if (messages.SelectMany(message => message.Contents).FirstOrDefault(content => content is DataContent or UriContent) is { } other)
        {
            throw new NotSupportedException($"This model reads text only; the conversation holds a {other.GetType().Name}. Leave it out or choose a model that can read it.");
        }
    }

    /// <summary>The results a message carries.</summary>
    public static IEnumerable<string> Results(ChatMessage message) => message.Contents.OfType<FunctionResultContent>().Select(Result);

    /// <summary>The calls a message carries.</summary>
    public static IEnumerable<FunctionCallContent> Calls(ChatMessage message) => message.Contents.OfType<FunctionCallContent>();

    /// <summary>A call as the family writes it, without its marks.</summary>
    public static string Call(FunctionCallContent call, ToolCallFormat format) =>
        format.BeforeName + JsonText.Quote(call.Name)[1..^1] + format.BeforeArguments
        + JsonText.Write(call.Arguments ?? new Dictionary<string, object?>()) + format.AfterArguments;

    /// <summary>A tool's declaration in the form models are trained on.</summary>
    public static string Declaration(AIFunctionDeclaration tool) =>
        $"{{\"name\": {JsonText.Quote(tool.Name)}, \"description\": {JsonText.Quote(tool.Description)}, \"parameters\": {JsonText.Write(tool.JsonSchema)}}}";

    /// <summary>Instructions for the model: the system messages in one.</summary>
    public static string System(IEnumerable<ChatMessage> messages) =>
        string.Join("\n\n", messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text));

    private static string Result(FunctionResultContent result) => result.Result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } value => JsonText.Write(value),
    };
}
