using AgentSystem.Api.Http;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Tools;

/// <summary>Registering, changing, approving, reading anew and removing tools of the catalogue.</summary>
internal static class ChangeTools
{
    public static async Task<Results<Created<ToolImport>, FailureResult>> Create(CreateTool body, HttpContext http, ToolRegistry tools, ToolViews views, CancellationToken cancellation)
    {
        var outcome = await tools.CreateAsync(http.Caller(), body, cancellation);
        return outcome.Tool is { } tool ? TypedResults.Created($"/api/v1/tools/{body.Name}", views.Of(http.Caller(), tool)) : ToolViews.Refused(outcome.Failure!);
    }

    public static async Task<Results<Ok<ToolView>, FailureResult>> Change(string name, ChangeTool body, HttpContext http, ToolRegistry tools, ToolViews views, CancellationToken cancellation) =>
        Shown(await tools.ChangeAsync(http.Caller(), name, body, cancellation), http, views);

    public static async Task<Results<Ok<ToolView>, FailureResult>> Approve(string name, ApproveTool body, HttpContext http, ToolRegistry tools, ToolViews views, CancellationToken cancellation) =>
        Shown(await tools.ApproveAsync(http.Caller(), name, body.Version, cancellation), http, views);

    public static async Task<Results<Ok<ToolImport>, FailureResult>> Refresh(string name, HttpContext http, ToolRegistry tools, ToolViews views, CancellationToken cancellation)
    {
        var outcome = await tools.RefreshAsync(http.Caller(), name, cancellation);
        return outcome.Tool is { } tool ? TypedResults.Ok(views.Of(http.Caller(), tool)) : ToolViews.Refused(outcome.Failure!);
    }

    public static async Task<Results<NoContent, FailureResult>> Remove(string name, HttpContext http, ToolRegistry tools, CancellationToken cancellation) =>
        await tools.DeleteAsync(http.Caller(), name, cancellation) is { } failure ? ToolViews.Refused(failure) : TypedResults.NoContent();

    /// <summary>The breaker of this process.</summary>
    public static async Task<Results<Ok<ToolView>, FailureResult>> Turn(
        string name, SetBreaker body, HttpContext http, ToolRegistry tools, ToolHealthReader health, ToolViews views, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (body.State is not ("open" or "closed"))
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"state\" must be \"open\" (no call passes) or \"closed\" (calls pass).", "state"));
        }

        if (await tools.FindAsync(caller, name, cancellation) is not { } tool)
        {
            return ToolViews.Refused(ToolRegistry.Missing(name));
        }

        await health.TurnAsync(caller.Tenant, name, body.State == "open", cancellation);
        return TypedResults.Ok(views.Of(caller, tool));
    }

    private static Results<Ok<ToolView>, FailureResult> Shown(RegistryOutcome outcome, HttpContext http, ToolViews views) =>
        outcome.Tool is { } shown ? TypedResults.Ok(views.Of(http.Caller(), shown.Tool)) : ToolViews.Refused(outcome.Failure!);
}
