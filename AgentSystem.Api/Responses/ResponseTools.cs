using System.Text.Json;
using AgentSystem.Api.Chat;
using AgentSystem.Runtime.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>Reads the client's functions and which of them may or must be called. Tools that OpenAI hosts are not there.</summary>
internal static class ResponseTools
{
    private const string Choice = "tool_choice";
    private const string ChoiceRule = "\"auto\", \"none\", \"required\", a function, or allowed_tools";

    /// <summary>The functions that may be called, and whether one must.</summary>
    public static (List<AITool>? Tools, ChatToolMode? Mode) Read(JsonElement root)
    {
        var tools = root.Items("tools", "tools").Select(static tool => (AITool)Declare(tool.Item, tool.Path)).ToList();
        if (tools.GroupBy(static tool => tool.Name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            throw Members.Wrong("tools", $"a list of differently named tools; \"{twice.Key}\" is declared twice");
        }

        return root.Get(Choice) switch
        {
            null => (OrNull(tools), null),
            { ValueKind: JsonValueKind.String } word => (OrNull(tools), Mode(word.GetString(), tools)),
            { ValueKind: JsonValueKind.Object } choice => Narrow(choice, tools),
            _ => throw Members.Wrong(Choice, ChoiceRule),
        };
    }

    private static AIFunctionDeclaration Declare(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            throw Members.Wrong(path, "{\"type\": \"function\", \"name\", \"description\", \"parameters\"}");
        }

        return tool.Text("type", path + ".type") is var type && type == "function"
            ? ToolParser.Declare(tool, path)
            : throw new BadMemberException(RunFailure.Invalid("unsupported_value", $"Tools of type \"{type}\" are not there; declare functions, or give the agent tools of its own.", path + ".type"));
    }

    private static ChatToolMode Mode(string? word, List<AITool> tools) => word switch
    {
        "auto" => ChatToolMode.Auto,
        "none" => ChatToolMode.None,
        "required" when tools.Count > 0 => ChatToolMode.RequireAny,
        "required" => throw Members.Wrong(Choice, "\"auto\" or \"none\" where \"tools\" declares none; declare the function that is to be called"),
        _ => throw Members.Wrong(Choice, ChoiceRule),
    };

    private static (List<AITool>?, ChatToolMode?) Narrow(JsonElement choice, List<AITool> tools)
    {
        switch (choice.Text("type", Choice + ".type"))
        {
            case "function" when choice.Text("name", Choice + ".name") is { Length: > 0 } name:
                return (OrNull(tools), ChatToolMode.RequireSpecific(Known(name, tools)));
            case "allowed_tools":
                var allowed = choice.Items("tools", Choice + ".tools").Select(tool => tool.Item.ValueKind == JsonValueKind.Object ? Known(tool.Item.Text("name", tool.Path + ".name") ?? "", tools) : throw Members.Wrong(tool.Path, "a function")).ToHashSet(StringComparer.Ordinal);
                var left = tools.Where(tool => allowed.Contains(tool.Name)).ToList();
                return (OrNull(left), Mode(choice.Text("mode", Choice + ".mode") ?? "auto", left));
            default:
                throw Members.Wrong(Choice, ChoiceRule);
        }
    }

    private static string Known(string name, List<AITool> tools) => tools.Exists(tool => tool.Name == name) ? name : throw Members.Wrong(Choice, "a function that \"tools\" declares");

    private static List<AITool>? OrNull(List<AITool> tools) => tools.Count == 0 ? null : tools;
}
