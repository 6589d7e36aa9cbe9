using System.Collections.Concurrent;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Three models: one that works, one that failed, one whose price nobody knows.</summary>
internal sealed class ScriptedModels(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ModelStatus> _models = new(new ModelStatus[]
    {
        new(new ModelView("small", "onnx", "agentsystem-small", 2048, 0, 0), "ready", null, "closed", 1_482, 3, 412.7, 88.2, 63.4, null, null),
        new(new ModelView("cloud", "openai", "gpt-4o-mini", 128_000, 0.15m, 0.6m, PriceSource: "list", Fallbacks: ["small"], Limits: new ModelLimits(500, 200_000, 8)), "failed", "The endpoint refuses the key; set Models:cloud:ApiKey.", "open", 40, 12, 1830.2, 640, 71.9, "401 Unauthorized", time.GetUtcNow().AddMinutes(-4)),
        new(new ModelView("house", "ollama", "qwen3:8b", null, 0, 0, PriceSource: "none"), "unknown", null, null, 0, 0, null, null, null, null, null),
    }.Select(static status => KeyValuePair.Create(status.Model.Name, status)));

    public void Clear() => _models.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/models", () => ScriptedPages.Json(new ListPage<ModelView>([.. _models.Values.Select(static status => status.Model).OrderBy(static model => model.Name == "small" ? "" : model.Name, StringComparer.Ordinal)])));
        routes.MapGet("/api/v1/models/{name}", (string name) => Find(name, static status => ScriptedPages.Json(status)));
        routes.MapPost("/api/v1/models/{name}/load", (string name) => Find(name, status => ScriptedPages.Json(_models[name] = status with { State = "ready", Detail = null, Breaker = "closed" })));
        routes.MapPost("/api/v1/models/{name}/breaker", (string name, SetBreaker body) => Find(name, status => ScriptedPages.Json(_models[name] = status with { Breaker = body.State == "open" ? "isolated" : "closed" })));
        routes.MapPost("/api/v1/models/{name}/try", (string name, TryModel body) => Find(name, status => ScriptedPages.Json(status.State == "failed"
            ? new ModelTrial(name, false, "", "401 Unauthorized", 91, null, 0, 0, null, 0)
            : new ModelTrial(name, true, $"You asked: {body.Prompt}", null, 812, 96, 14, 40, 55.9, 0))));
    }

    private IResult Find(string name, Func<ModelStatus, IResult> answer) =>
        _models.TryGetValue(name, out var status) ? answer(status) : ScriptedApi.Problem(404, "model_not_found", $"There is no model \"{name}\".");
}
