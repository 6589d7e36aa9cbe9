using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Instances;

/// <summary><c>/api/v1/instances</c>: the processes that run agents, and how to take one out before work on its machine. <c>local</c> names the one that answers.</summary>
internal static class InstancesEndpoints
{
    private const string Local = "local";

    /// <summary>Maps them; all need the scope <c>admin</c>, because they concern every tenant.</summary>
    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/instances").WithTags("Instances").RequireAuthorization(Scopes.Admin).RequirePlatformOwner();
        instances.MapGet("/", List).WithName("ListInstances").WithSummary("The processes that run agents");
        instances.MapPost("/{name}/drain", Drain).WithName("DrainInstance").WithSummary("Take no new runs; those there are go on to their end");
        instances.MapPost("/{name}/resume", Resume).WithName("ResumeInstance").WithSummary("Take new runs again");
    }

    private static async Task<Results<Ok<ListPage<InstanceView>>, FailureResult>> List(
        HttpContext http, InstanceReader reader, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        var rows = (await reader.ReadAsync(cancellation)).Where(instance => string.CompareOrdinal(instance.Name, page.After) > 0);
        return TypedResults.Ok(page.Page<InstanceView>([.. rows.Take(page.Limit + 1)], static instance => instance.Name));
    }

    private static Task<Results<Ok<InstanceView>, FailureResult>> Drain(string name, InstanceReader reader, CancellationToken cancellation) => Set(name, reader, true, cancellation);

    private static Task<Results<Ok<InstanceView>, FailureResult>> Resume(string name, InstanceReader reader, CancellationToken cancellation) => Set(name, reader, false, cancellation);

    private static async Task<Results<Ok<InstanceView>, FailureResult>> Set(string name, InstanceReader reader, bool draining, CancellationToken cancellation) =>
        await reader.OrderAsync(name == Local ? null : name, draining, cancellation) is { } ordered
            ? TypedResults.Ok(ordered)
            : new FailureResult(RunFailure.NotFound("instance_not_found", $"There is no instance \"{name}\"; GET /api/v1/instances lists them.", "name"));
}
