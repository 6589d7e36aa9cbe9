using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Schemas;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>A tool of a tenant's catalogue, as runs know tools.</summary>
/// <param name="record">The version that is called.</param>
/// <param name="schema">Its schema, read.</param>
/// <param name="caller">Makes the calls.</param>
internal sealed class TenantTool(ToolRecord record, ToolSchema schema, ToolCaller caller) : ITool
{
    public string Name => record.Definition.Name;

    public string Description => record.Definition.Description;

    /// <summary>What others answer can be another thing tomorrow.</summary>
    public bool Cacheable => false;

    public ToolEffect Effect => record.Definition.Effect;

    public Reach Reach => record.Definition.Reach.Aggregate(Reach.None, static (all, one) => all | one switch { ToolReach.Untrusted => Reach.Untrusted, ToolReach.Private => Reach.Private, _ => Reach.Change });

    public bool IsForeign => true;

    public AIFunction Bind(ToolScope scope) => new Function(this, record, schema, caller, scope);

    // The defaults indent, and what is sent is the text of the element.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    private sealed class Function(TenantTool tool, ToolRecord record, ToolSchema schema, ToolCaller caller, ToolScope scope) : AIFunction
    {
        public override string Name => tool.Name;

        public override string Description => tool.Description;

        public override JsonElement JsonSchema => schema.Source;

        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            var json = JsonSerializer.SerializeToElement(arguments.ToDictionary(static pair => pair.Key, static pair => pair.Value), Compact);
            var journaled = ToolCallId.Of(arguments);
            var answer = await caller.CallAsync(scope.Tenant, record, schema, json, journaled ?? $"call-{Guid.CreateVersion7():N}", cancellationToken).ConfigureAwait(false);
            // A durable run has a person to ask; its ledger takes an exception for a call whose effect is not known.
            return answer.Outcome == ToolOutcome.Unknown && journaled is not null
                ? throw new ToolCallException(ToolFault.Lost, answer.Text)
                : answer.Text;
        }
    }
}
