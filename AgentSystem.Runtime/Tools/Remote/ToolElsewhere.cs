using System.Text.Json;
using AgentSystem.Contracts.Roles;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Remote;

/// <summary>A tool whose calls are made by the role <c>tools</c>. What it is called, takes and touches is known here; what it does happens there.</summary>
internal sealed class ToolElsewhere(ITool tool, IToolsService service) : ITool
{
    public string Name => tool.Name;

    public string Description => tool.Description;

    public bool Cacheable => tool.Cacheable;

    public ToolEffect Effect => tool.Effect;

    public Reach Reach => tool.Reach;

    public PartSource Source => tool.Source;

    public bool IsForeign => tool.IsForeign;

    public AIFunction Bind(ToolScope scope) => new Call(tool.Bind(scope), scope, service);

    private sealed class Call(AIFunction described, ToolScope scope, IToolsService service) : DelegatingAIFunction(described)
    {
        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            var request = new InvokeToolRequest
            {
                Tenant = scope.Tenant, User = scope.User, Agent = scope.Agent, Tool = Name,
                Arguments = JsonSerializer.Serialize(new Dictionary<string, object?>(arguments), AIJsonUtilities.DefaultOptions),
                CallId = ToolCallId.Of(arguments),
            };
            try
            {
                var reply = await service.InvokeAsync(request, cancellationToken).ConfigureAwait(false);
                return reply switch
                {
                    { Unknown: true } => $"error: the process that makes calls has no tool '{Name}'",
                    { IsJson: true } => JsonSerializer.Deserialize<JsonElement>(reply.Result),
                    _ => reply.Result,
                };
            }
            catch (RoleCallException e) when (e.NotStarted || e.Failure is RoleFailure.Refused)
            {
                // Surely nothing was done, so the model may be told and go on. Where that is not known the call fails, as a tool in this process would.
                return $"error: {e.Message}";
            }
        }
    }
}
