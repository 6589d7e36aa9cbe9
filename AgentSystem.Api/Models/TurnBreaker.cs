using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Models;

/// <summary><c>POST /api/v1/models/{name}/breaker</c> and <c>GET /api/v1/breakers</c>.</summary>
internal static class TurnBreaker
{
    private const string Model = "model";
    private const string Tool = "tool";
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

    /// <summary>The breakers of models, of the caller's own tenant's tools, and of processes of roles that were asked, or turned by hand, since this process started.</summary>
    public static Results<Ok<ListPage<BreakerView>>, FailureResult> HandleList(HttpContext http, ModelResilience resilience, ToolHealthReader tools, PeerResilience peers, string? limit = null, string? cursor = null)
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
        var called = tools.Called(http.Caller().Tenant).Select(static each => new BreakerView(each.Tool, Tool, each.State, each.Calls, each.Failures, Math.Round(each.RetriesLeft, 3)));
        var roles = peers.Peers.Select(static peer => new BreakerView(peer.Name, Role, peer.State, peer.Calls, peer.Failures, Math.Round(peer.RetriesLeft, 3)));
        var rows = models.Concat(called).Concat(roles).OrderBy(Place, StringComparer.Ordinal)
            .Where(each => page.After is null || string.CompareOrdinal(Place(each), page.After) > 0)
            .Take(page.Limit + 1)
            .ToList();
        return TypedResults.Ok(page.Page(rows, Place));
    }

    /// <summary>A model and a tool may have the same name.</summary>
    private static string Place(BreakerView breaker) => $"{breaker.Kind}/{breaker.Name}";
}
