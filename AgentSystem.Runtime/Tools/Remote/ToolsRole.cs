using System.Text.Json;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Remote;

/// <summary>Makes the calls of this process's tools for others.</summary>
internal sealed class ToolsRole(ToolCatalog tools) : IToolsService
{
    public async ValueTask<InvokeToolReply> InvokeAsync(InvokeToolRequest request, CancellationToken cancellation)
    {
        if (!tools.TryGet(request.Tool, out var tool))
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
