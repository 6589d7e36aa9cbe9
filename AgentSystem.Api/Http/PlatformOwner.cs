using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>Some acts concern every tenant of a process; only administrators of tenant <see cref="Tenants.Default"/>, who run the platform, may do them.</summary>
internal static class PlatformOwner
{
    /// <summary>Refuses callers of other tenants with 403, whatever their scopes.</summary>
    public static RouteGroupBuilder RequirePlatformOwner(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(Check);
        return group;
    }

    /// <inheritdoc cref="RequirePlatformOwner(RouteGroupBuilder)"/>
    public static RouteHandlerBuilder RequirePlatformOwner(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(Check);

    private static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Caller().Tenant == Tenants.Default
            ? await next(context)
            : new FailureResult(RunFailure.Forbidden("platform_owner_only", $"This concerns every tenant; only an administrator of tenant \"{Tenants.Default}\" may do it."));
}
