using System.Text.Json;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents.Remote;

/// <summary>Tools that somebody else calls, between a model's options and the wire: only what a model is told of them travels.</summary>
internal static class OfferedTools
{
    /// <summary>For the wire.</summary>
    public static List<OfferedTool> Write(IEnumerable<AITool>? tools) =>
    [
        .. (tools ?? []).OfType<AIFunctionDeclaration>().Select(static tool => new OfferedTool
        {
            Name = tool.Name,
            Description = tool.Description,
            Schema = tool.JsonSchema.GetRawText(),
            More = tool.AdditionalProperties.Count == 0 ? null : JsonSerializer.Serialize(tool.AdditionalProperties, AIJsonUtilities.DefaultOptions),
        }),
    ];

    /// <summary>From the wire; null where there is none.</summary>
    public static IList<AITool>? Read(List<OfferedTool> tools) => tools.Count == 0 ? null : [.. tools.Select(static tool => new Declared(tool))];

    private sealed class Declared(OfferedTool tool) : AIFunctionDeclaration
    {
        private readonly JsonElement schema = JsonSerializer.Deserialize<JsonElement>(tool.Schema);
        private readonly IReadOnlyDictionary<string, object?> more = tool.More is null ? new Dictionary<string, object?>() : RoleJson.Plain(JsonSerializer.Deserialize<Dictionary<string, object?>>(tool.More)!);

        public override string Name => tool.Name;

        public override string Description => tool.Description;

        public override JsonElement JsonSchema => schema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => more;
    }
}
