using System.Text.Json;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Remote;

/// <summary>Makes calls for others: of the platform's tools and of the tenants'.</summary>
internal sealed class ToolsRole(TenantTools tools) : IToolsService
{
    public async ValueTask<InvokeToolReply> InvokeAsync(InvokeToolRequest request, CancellationToken cancellation)
    {
        var found = await tools.FindAsync(request.Tenant, [request.Tool], cancellation).ConfigureAwait(false);
        if (!found.TryGetValue(request.Tool, out var tool))
        {
            return new InvokeToolReply { Unknown = true };
        }

        var arguments = new AIFunctionArguments(JsonSerializer.Deserialize<Dictionary<string, object?>>(request.Arguments, AIJsonUtilities.DefaultOptions));
        if (request.CallId is { } id)
        {
            ToolCallId.Set(arguments, id);
        }

        var result = await tool.Bind(new ToolScope(request.Tenant, request.User, request.Agent)).InvokeAsync(arguments, cancellation).ConfigureAwait(false);
        return result is string text
            ? new InvokeToolReply { Result = text }
            : new InvokeToolReply { Result = JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions), IsJson = true };
    }
}
