using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Routing;
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

    private static Results<Ok<ListPage<InstanceView>>, FailureResult> List(HttpContext http, InstanceTable table, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        var rows = table.Instances.Select(View).OrderBy(static instance => instance.Name, StringComparer.Ordinal).Where(instance => string.CompareOrdinal(instance.Name, page.After) > 0);
        return TypedResults.Ok(page.Page<InstanceView>([.. rows.Take(page.Limit + 1)], static instance => instance.Name));
    }

    private static Results<Ok<InstanceView>, FailureResult> Drain(string name, InstanceTable table) => Set(name, table, draining: true);

    private static Results<Ok<InstanceView>, FailureResult> Resume(string name, InstanceTable table) => Set(name, table, draining: false);

    private static Results<Ok<InstanceView>, FailureResult> Set(string name, InstanceTable table, bool draining)
    {
        var instance = name == Local ? table.Local : table.Instances.FirstOrDefault(known => known.Name == name);
        if (instance is null)
        {
            return new FailureResult(RunFailure.NotFound("instance_not_found", $"There is no instance \"{name}\"; GET /api/v1/instances lists them.", "name"));
        }

        instance.IsDraining = draining;
        return TypedResults.Ok(View(instance));
    }

    private static InstanceView View(Instance instance) =>
        new(instance.Name, instance.IsDraining ? "draining" : "serving", instance.Slots, instance.InUse, instance.Waiting);
}
