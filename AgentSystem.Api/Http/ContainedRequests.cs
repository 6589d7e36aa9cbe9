using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Intelligence;
using Microsoft.AspNetCore.Authorization;

namespace AgentSystem.Api.Http;

/// <summary>The edge's part in watching callers and in containing them.</summary>
internal static class ContainedRequests
{
    /// <summary>Stands outside everything that may refuse a request, so that the watch sees every answer.</summary>
    public static void UseConduct(this WebApplication app)
    {
        var threats = app.Services.GetRequiredService<ThreatWatch>();
        app.Use(async (http, next) =>
        {
            await next(http);
            var caller = http.Features.Get<Caller>();
            if (caller is null && (http.Response.StatusCode != StatusCodes.Status401Unauthorized || http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null))
            {
                return;
            }

            threats.Answered(caller?.Tenant ?? Tenants.Default, caller?.KeyId, http.Connection.RemoteIpAddress, http.Response.StatusCode, http.Request.Headers.Authorization.ToString(), http.Request.Path, http.TraceIdentifier);
        });
    }

    /// <summary>Stands before authentication: what tenant <c>default</c> contains by its address is refused before it costs anything. What anybody may ask without a key answers all the same.</summary>
    public static void UseContainedAddresses(this WebApplication app)
    {
        var board = app.Services.GetRequiredService<ContainmentBoard>();
        app.Use(async (http, next) =>
        {
            if (board.Current.Count > 0 && http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null && RefuseAddress(http, Tenants.Default, board) is { } refused)
            {
                await ErrorAnswers.WriteAsync(http, refused, http.RequestAborted);
                return;
            }

            await next(http);
        });
    }

    /// <summary>Stands behind authorization: a key in quarantine is refused whatever it asks, a throttled one waits, and nobody comes in from an address that is certainly a threat.</summary>
    public static void UseContainment(this WebApplication app)
    {
        var (threats, board) = (app.Services.GetRequiredService<ThreatWatch>(), app.Services.GetRequiredService<ContainmentBoard>());
        app.Use(async (http, next) =>
        {
            if (http.Features.Get<Caller>() is { } caller && Refuse(http, caller, threats, board) is { } refused)
            {
                await ErrorAnswers.WriteAsync(http, refused, http.RequestAborted);
                return;
            }

            await next(http);
        });
    }

    private static RunFailure? Refuse(HttpContext http, Caller caller, ThreatWatch threats, ContainmentBoard board)
    {
        if (board.Current.StopsKey(caller.Tenant, caller.KeyId) is { } by)
        {
            return ContainmentFailures.KeyQuarantined(by);
        }

        if (threats.CameFrom(caller.Tenant, caller.KeyId, http.Connection.RemoteIpAddress, http.TraceIdentifier) >= Indicator.Certain)
        {
            return ContainmentFailures.AddressListed;
        }

        // Those of tenant default were looked at before anybody was known.
        if (caller.Tenant != Tenants.Default && RefuseAddress(http, caller.Tenant, board) is { } contained)
        {
            return contained;
        }

        // Whoever may lift a throttle is not kept from lifting it.
        return !(caller.Has(Scopes.SecurityWrite) && http.Request.Path.StartsWithSegments("/api/v1/security")) && board.Wait(caller.Tenant, ContainmentFailures.KeyScope(caller.KeyId)) is var wait && wait > TimeSpan.Zero ? ContainmentFailures.Throttled(wait) : null;
    }

    private static RunFailure? RefuseAddress(HttpContext http, string tenant, ContainmentBoard board)
    {
        var address = CallerAddress.Name(http.Connection.RemoteIpAddress);
        return board.Current.StopsAddress(tenant, address) is { } by ? ContainmentFailures.AddressQuarantined(by)
            : board.Wait(tenant, address) is var wait && wait > TimeSpan.Zero ? ContainmentFailures.Throttled(wait) : null;
    }
}
