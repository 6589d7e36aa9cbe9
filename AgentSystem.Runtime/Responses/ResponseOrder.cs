using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Responses;

/// <summary>What whoever makes a background response needs and its row does not say; kept until the response ends.</summary>
/// <param name="RequestId">The <c>x-request-id</c> of the answer to the request.</param>
/// <param name="Messages">The whole conversation, what came before included.</param>
/// <param name="Options">Parameters; the client's tools stand in <paramref name="Tools"/>.</param>
/// <param name="Tools">The client's own functions.</param>
/// <param name="User">The end user, if the client named one.</param>
public sealed record ResponseOrder(string RequestId, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, IReadOnlyList<DeclaredTool> Tools, string? User)
{
    // Without indentation: a schema is text that a model reads.
    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>To keep.</summary>
    public static string Write(string requestId, IReadOnlyList<ChatMessage> messages, ChatOptions options, string? user)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tools = (options.Tools ?? []).OfType<AIFunctionDeclaration>().Select(static tool => new DeclaredTool(tool.Name, tool.Description, tool.JsonSchema));
        return JsonSerializer.Serialize(new ResponseOrder(requestId, messages, options, [.. tools], user), Json);
    }

    /// <summary>As it was, the tools among the options again.</summary>
    public static ResponseOrder Read(string kept)
    {
        var order = JsonSerializer.Deserialize<ResponseOrder>(kept, Json) ?? throw new InvalidDataException("A kept order is the JSON word null; orders are never written that way.");
        if (order.Tools.Count > 0)
        {
            order.Options.Tools = [.. order.Tools.Select(static tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Schema))];
        }

        foreach (var result in order.Messages.SelectMany(static message => message.Contents).OfType<FunctionResultContent>())
        {
            // Models are told a text as it is, and any other value as JSON.
            result.Result = result.Result is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString() : result.Result;
        }

        return order;
    }
}

/// <summary>A function of the client, as the model is told of it.</summary>
public sealed record DeclaredTool(string Name, string Description, JsonElement Schema);
