using AgentSystem.Api.Http;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Tools;

/// <summary><c>POST /api/v1/tools/{name}/invoke</c>: one call without a model. A request that is sent again with its <c>Idempotency-Key</c> is the same call to the tool too.</summary>
internal static class InvokeATool
{
    public static async Task<Results<Ok<InvokedTool>, FailureResult>> Handle(string name, InvokeTool body, HttpContext http, ToolInvocations invocations, CancellationToken cancellation)
    {
        var key = (string?)http.Request.Headers["Idempotency-Key"];
        var (call, failure) = await invocations.InvokeAsync(http.Caller(), name, body, string.IsNullOrEmpty(key) ? null : key, cancellation);
        return call is not null ? TypedResults.Ok(call) : ToolViews.Refused(failure!);
    }
}
