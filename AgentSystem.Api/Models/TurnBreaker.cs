using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Resilience;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Models;

/// <summary><c>POST /api/v1/models/{name}/breaker</c> and <c>GET /api/v1/breakers</c>.</summary>
internal static class TurnBreaker
{
    private const string Model = "model";
    private const string Role = "role";

    public static async Task<Results<Ok<ModelStatus>, FailureResult>> Handle(string name, SetBreaker body, ModelStatusReader reader, ModelResilience resilience, CancellationToken cancellation)
    {
        var (status, failure) = reader.Read(name);
        if (status is null)
        {
            return new FailureResult(failure!);
        }

        switch (body.State)
        {
            case "open":
                await resilience.IsolateAsync(status.Model.Name, cancellation);
                break;
            case "closed":
                await resilience.CloseAsync(status.Model.Name, cancellation);
                break;
            default:
                return new FailureResult(RunFailure.Invalid("invalid_value", "\"state\" must be \"open\" (no call passes) or \"closed\" (calls pass).", "state"));
        }

        return TypedResults.Ok(reader.Read(name).Status!);
    }

    /// <summary>The breakers of models that were asked, or turned by hand, and of processes whose roles were called, since this process started.</summary>
    public static Results<Ok<ListPage<BreakerView>>, FailureResult> HandleList(HttpContext http, ModelResilience resilience, PeerResilience peers, string? limit = null, string? cursor = null)
    {
        var (page, refused) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(refused!);
        }

        var models = resilience.Breakers.Select(each =>
        {
            var health = resilience.Health(each.Key);
            return new BreakerView(each.Key, Model, each.Value, health?.Calls ?? 0, health?.Failures ?? 0, Math.Round(resilience.RetriesLeft(each.Key) ?? 0, 3));
        });
        var roles = peers.Peers.Select(static peer => new BreakerView(peer.Name, Role, peer.State, peer.Calls, peer.Failures, Math.Round(peer.RetriesLeft, 3)));
        var rows = models.Concat(roles).OrderBy(static each => each.Name, StringComparer.Ordinal)
            .Where(each => page.After is null || string.CompareOrdinal(each.Name, page.After) > 0)
            .Take(page.Limit + 1)
            .ToList();
        return TypedResults.Ok(page.Page(rows, static breaker => breaker.Name));
    }
}
