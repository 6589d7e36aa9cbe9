using System.Globalization;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.AspNetCore.Http.Metadata;

namespace AgentSystem.Api.Http.Audit;

/// <summary>
/// The one place where requests are audited. An act (anything but GET on <c>/api/v1</c>) is written before it is done, and not done when its entry cannot be kept; that it failed,
/// was refused or made something is written behind it. A refusal (401, 403) is written before the answer leaves.
/// </summary>
internal static class AuditedRequests
{
    private static RunFailure Unavailable { get; } = new(
        503, "server_error", "audit_unavailable", "The audit log cannot be written at the moment, and nothing is changed unrecorded: nothing was done. Try again shortly.", RetryAfter: TimeSpan.FromSeconds(2));

    /// <summary>Writes refusals and outcomes. Stands before authentication, whose refusals it sees.</summary>
    public static void UseAuditedRefusals(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(static state => EndAsync((HttpContext)state), context);
        return next(context);
    });

    /// <summary>Writes acts before they are done. Stands behind authorization and the checks of bodies: what is refused there was no act.</summary>
    public static void UseAuditedActs(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (!IsAct(context))
        {
            await next(context);
            return;
        }

        var (audit, act) = (Log(context), Act(context, AuditDecision.Allowed));
        if (context.GetEndpoint()!.Metadata.GetMetadata<WritesItself>() is not null)
        {
            context.Features.Set(new Begun(act, WritesItself: true));
            await next(context);
            return;
        }

        if (context.GetEndpoint()!.Metadata.GetMetadata<ReadsOnly>() is not null)
        {
            audit.Note(act);
        }
        else if (!await audit.WriteAsync(act, CancellationToken.None))
        {
            // The entry may yet be kept, where the answer of the database was what was missing: then this one says that the act was not done.
            audit.Note(act with { Decision = AuditDecision.Failed, Details = With(act.Details, "outcome", "not_done") });
            await ErrorAnswers.WriteAsync(context, Unavailable, context.RequestAborted);
            return;
        }

        context.Features.Set(new Begun(act, WritesItself: false));
        await next(context);
    });

    private static bool IsAct(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api/v1") && IsOurs(context.GetEndpoint()) && context.Features.Get<Caller>() is not null
        && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method);

    /// <summary>An endpoint of ours has a name, which a test holds; those with which the framework refuses a method or a type of body have none, and do nothing.</summary>
    private static bool IsOurs(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>() is not null;

    private static async Task EndAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (context.Features.Get<Begun>() is { Act: { } act } begun)
        {
            var ended = With(act.Details, "status", status.ToString(CultureInfo.InvariantCulture));
            if (status >= StatusCodes.Status400BadRequest)
            {
                await FailAsync(context, act with { Decision = IsRefusal(status) ? AuditDecision.Denied : AuditDecision.Failed, Details = ended }, status);
            }
            else if (!begun.WritesItself && status == StatusCodes.Status201Created && AuditedNames.ObjectOf(context.Response.Headers.Location) is { } made)
            {
                Log(context).Note(act with { Object = made, Details = ended });
            }
        }
        else if (IsRefusal(status))
        {
            await RefuseAsync(context, status);
        }
    }

    /// <summary>What failed on our side may have failed for want of the database: its entry follows when that answers, and the client is not kept waiting for it.</summary>
    private static async Task FailAsync(HttpContext context, AuditEvent failed, int status)
    {
        if (status >= StatusCodes.Status500InternalServerError)
        {
            Log(context).Note(failed);
            return;
        }

        await Log(context).WriteAsync(failed, CancellationToken.None);
    }

    private static async Task RefuseAsync(HttpContext context, int status)
    {
        var caller = context.Features.Get<Caller>();
        var (tenant, actor) = caller is null ? (Tenants.Default, CallerAddress.Name(context.Connection.RemoteIpAddress)) : (caller.Tenant, AuditActor.Of(caller));
        if (!context.RequestServices.GetRequiredService<RefusalCounts>().Write(tenant, actor))
        {
            return;
        }

        var details = new Dictionary<string, string> { ["status"] = status.ToString(CultureInfo.InvariantCulture), ["method"] = context.Request.Method, ["path"] = context.Request.Path.Value ?? "" };
        var action = status == StatusCodes.Status401Unauthorized ? "request.authenticate" : "request.authorise";
        await Log(context).WriteAsync(new AuditEvent(tenant, actor, action, AuditedNames.ObjectOf(context), AuditDecision.Denied, context.TraceIdentifier, details), CancellationToken.None);
    }

    private static AuditEvent Act(HttpContext context, AuditDecision decision)
    {
        var caller = context.Caller();
        var details = new Dictionary<string, string>();
        if (caller.BoundUser is { } user)
        {
            details["user"] = user;
        }

        return new AuditEvent(caller.Tenant, AuditActor.Of(caller), AuditedNames.ActionOf(context.GetEndpoint()!), AuditedNames.ObjectOf(context), decision, context.TraceIdentifier, details);
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? details, string name, string value) =>
        new(details ?? new Dictionary<string, string>()) { [name] = value };

    private static bool IsRefusal(int status) => status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;

    private static IAuditLog Log(HttpContext context) => context.RequestServices.GetRequiredService<IAuditLog>();

    /// <summary>An act whose entry is kept, or will be by the capability.</summary>
    private sealed record Begun(AuditEvent Act, bool WritesItself);
}
