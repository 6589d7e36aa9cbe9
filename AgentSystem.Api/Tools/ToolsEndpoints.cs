using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Tools;

/// <summary>Routes of tools: <c>tools:read</c> to look, <c>tools:write</c> to change, <c>tools:invoke</c> to call.</summary>
internal static class ToolsEndpoints
{
    /// <summary>Maps <c>/api/v1/tools</c>.</summary>
    public static void MapTools(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/tools").WithTags("Tools").RequireAuthorization(Scopes.ToolsRead);
        read.MapGet("/", ReadTools.List).WithName("ListTools").WithSummary("The platform's tools and the tenant's, by name");
        read.MapGet("/{name}", ReadTools.One).WithName("GetTool").WithSummary("One tool and how it does in this process");
        read.MapGet("/{name}/versions", ReadTools.Versions).WithName("ListToolVersions").WithSummary("A tool's versions, newest first");

        var write = api.MapGroup("/tools").WithTags("Tools").RequireAuthorization(Scopes.ToolsWrite);
        write.MapPost("/", ChangeTools.Create).WithName("CreateTool").WithSummary("Register a tool, or the tools of a server or document")
            .WithDescription("`http` takes its arguments as JSON with the call's id as `Idempotency-Key`; `openapi` gives a tool for each operation of a document, `mcp` one for each tool of a server. `headers` are credentials: sealed, and never shown again.");
        write.MapPatch("/{name}", ChangeTools.Change).WithName("ChangeTool").WithSummary("Change a tool; what a model or a call meets becomes a new version");
        write.MapPost("/{name}/approve", ChangeTools.Approve).WithName("ApproveToolVersion").WithSummary("Let a version be called")
            .WithDescription("What a server describes differently than it did waits for this.");
        write.MapPost("/{name}/refresh", ChangeTools.Refresh).WithName("RefreshTools").WithSummary("Read a server or document anew");
        write.MapPost("/{name}/breaker", ChangeTools.Turn).WithName("SetToolBreaker").WithSummary("Open or close a tool's breaker by hand, in this process");
        write.MapDelete("/{name}", ChangeTools.Remove).WithName("DeleteTool").WithSummary("Remove a tool; a server or document with its tools");

        api.MapPost("/tools/{name}/invoke", InvokeATool.Handle).WithTags("Tools").WithName("InvokeTool").WithSummary("Call a tool").RequireAuthorization(Scopes.ToolsInvoke);
    }
}
