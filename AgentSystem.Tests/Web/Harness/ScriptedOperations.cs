using System.Collections.Concurrent;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>What an operator does: a cache with some answers, and two instances.</summary>
internal sealed class ScriptedOperations
{
    private readonly ConcurrentDictionary<string, InstanceView> _instances = new(
        new InstanceView[] { new("api-1", "serving", 8, 3, 0, DateTimeOffset.UnixEpoch), new("api-2", "serving", 8, 0, 0, DateTimeOffset.UnixEpoch) }.Select(static instance => KeyValuePair.Create(instance.Name, instance)));

    private long _kept = 1_482;

    /// <summary>When true, the caller administers a tenant and not the platform.</summary>
    public bool OnlyATenant { get; set; }

    public InstanceView Instance(string name) => _instances[name];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/api/v1/cache", () => ScriptedPages.Json(new CacheCleared(Interlocked.Exchange(ref _kept, 0))));
        routes.MapGet("/api/v1/instances", () => OwnersOnly(() => ScriptedPages.Json(new ListPage<InstanceView>([.. _instances.Values.OrderBy(static instance => instance.Name, StringComparer.Ordinal)]))));
        routes.MapPost("/api/v1/instances/{name}/drain", (string name) => Turn(name, "draining"));
        routes.MapPost("/api/v1/instances/{name}/resume", (string name) => Turn(name, "serving"));
    }

    /// <summary>What only those may do who run the platform.</summary>
    public IResult OwnersOnly(Func<IResult> answer) =>
        OnlyATenant ? ScriptedApi.Problem(403, "platform_owner_only", "This concerns every tenant; only an administrator of tenant \"default\" may do it.") : answer();

    private IResult Turn(string name, string state) => OwnersOnly(() => _instances.TryGetValue(name, out var instance)
        ? ScriptedPages.Json(_instances[name] = instance with { State = state })
        : ScriptedApi.Problem(404, "instance_not_found", $"There is no instance \"{name}\"."));
}
