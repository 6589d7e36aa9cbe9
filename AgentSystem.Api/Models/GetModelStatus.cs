using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Models;

/// <summary><c>GET /api/v1/models</c> and <c>/models/{name}</c>: what is configured, and how one of them does.</summary>
internal static class GetModelStatus
{
    public static Results<Ok<ListPage<ModelView>>, FailureResult> HandleList(HttpContext http, IModelDirectory models, string? limit = null, string? cursor = null)
    {
        var (page, refused) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(refused!);
        }

        var rows = models.Models.OrderBy(model => model.Name, StringComparer.Ordinal)
            .Where(model => page.After is null || string.CompareOrdinal(model.Name, page.After) > 0)
            .Take(page.Limit + 1)
            .ToList();
        return TypedResults.Ok(page.Page(rows, static model => model.Name));
    }

    public static Results<Ok<ModelStatus>, FailureResult> Handle(string name, ModelStatusReader reader)
    {
        var (status, failure) = reader.Read(name);
        return status is null ? new FailureResult(failure!) : TypedResults.Ok(status);
    }
}
