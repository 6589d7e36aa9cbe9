using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Responses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Two kept responses: one that is whole, and one in the background that is being made.</summary>
internal sealed class ScriptedResponses
{
    public const string Whole = "resp_whole", Made = "resp_made";

    private readonly ConcurrentDictionary<string, ResponseSummary> _responses = new();

    public ScriptedResponses(TimeProvider time)
    {
        var at = time.GetUtcNow().AddMinutes(-5);
        _responses[Whole] = new ResponseSummary(Whole, "completed", false, "assistant", "user:ada", "how <b>far</b> is it", null, null, at, at.AddSeconds(2));
        _responses[Made] = new ResponseSummary(Made, "in_progress", true, "researcher", "user:ada", "look everything up", Whole, "run_" + Made, at.AddMinutes(1), null);
    }

    public ResponseSummary? Find(string id) => _responses.GetValueOrDefault(id);

    public void Clear() => _responses.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/responses", (HttpRequest request) => ScriptedPages.Of(
            request, _responses.Values.Where(one => request.Query["status"].ToString() is not { Length: > 0 } status || one.Status == status).OrderByDescending(static one => one.CreatedAt)));
        routes.MapGet("/v1/responses/{id}", (string id) => With(id, Document));
        routes.MapGet("/v1/responses/{id}/input_items", (string id) => With(id, static one => Results.Content(
            new JsonObject { ["data"] = new JsonArray(new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = one.Input }) }) }.ToJsonString(), "application/json")));
        routes.MapPost("/v1/responses/{id}/cancel", (string id) => With(id, one => Document(_responses[id] = one with { Status = "cancelled" })));
        routes.MapDelete("/v1/responses/{id}", (string id) => _responses.TryRemove(id, out _) ? Results.Ok() : NotFound(id));
    }

    private static IResult Document(ResponseSummary one) => Results.Content(
        new JsonObject
        {
            ["id"] = one.Id, ["object"] = "response", ["status"] = one.Status, ["background"] = one.Background, ["model"] = one.Model, ["created_at"] = one.CreatedAt.ToUnixTimeSeconds(),
            ["previous_response_id"] = one.PreviousResponseId, ["error"] = null, ["usage"] = new JsonObject { ["input_tokens"] = 12, ["output_tokens"] = 7, ["total_tokens"] = 19 },
            ["output"] = new JsonArray(
                new JsonObject { ["type"] = "function_call", ["name"] = "search", ["arguments"] = """{"q":"far"}""" },
                new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = "It is 12 km." }) }),
        }.ToJsonString(),
        "application/json");

    private IResult With(string id, Func<ResponseSummary, IResult> answer) => _responses.TryGetValue(id, out var one) ? answer(one) : NotFound(id);

    private static IResult NotFound(string id) => ScriptedApi.Problem(404, "response_not_found", $"There is no response \"{id}\" that this key may see.");
}
