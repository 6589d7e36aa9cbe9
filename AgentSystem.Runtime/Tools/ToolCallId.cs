using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools;

/// <summary>The id of a tool call: the same whenever the same call is repeated, so a tool can use it as its idempotency key.</summary>
public static class ToolCallId
{
    private const string Key = "agentsystem.call_id";

    /// <summary>The id; null in a chat call, which is not repeated.</summary>
    public static string? Of(AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context?.TryGetValue(Key, out var id) == true ? id as string : null;
    }

    /// <summary>Gives the call its id.</summary>
    public static void Set(AIFunctionArguments arguments, string id)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        arguments.Context ??= new Dictionary<object, object?>();
        arguments.Context[Key] = id;
    }
}
