using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Sealing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/data-keys/rotate</c> and <c>GET /api/v1/security/data-keys</c>: the keys that seal the tenant's values at rest.</summary>
internal static class RotateDataKeys
{
    /// <summary>Begins a rotation; while one runs, asking again gives that one.</summary>
    public static async Task<Accepted<DataKeyView>> Handle(HttpContext http, Rotation rotation, CancellationToken cancellation)
    {
        var caller = http.Caller();
        return TypedResults.Accepted("/api/v1/security/data-keys", await rotation.BeginAsync(caller.Tenant, AuditActor.Of(caller), cancellation));
    }

    public static async Task<Results<Ok<ListPage<DataKeyView>>, FailureResult>> List(HttpContext http, Rotation rotation, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, static key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        int? before = page.After is null ? null : int.Parse(page.After, NumberStyles.None, CultureInfo.InvariantCulture);
        return TypedResults.Ok(page.Page(await rotation.ListAsync(http.Caller().Tenant, before, page.Limit + 1, cancellation), static key => key.Version.ToString(CultureInfo.InvariantCulture)));
    }
}
