using AgentSystem.Api.Http;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Models;

/// <summary><c>POST /api/v1/models/{name}/try</c>: one question to the bare model, measured.</summary>
internal static class AskModel
{
    private const int LongestPrompt = 4_000;
    private const int MostTokens = 1_024;

    public static async Task<Results<Ok<ModelTrial>, FailureResult>> Handle(string name, TryModel body, HttpContext http, IModelDirectory models, ModelStatusReader reader, ModelProbe probe, CancellationToken cancellation)
    {
        if (reader.Read(name).Failure is { } unknown)
        {
            return new FailureResult(unknown);
        }

        if (string.IsNullOrWhiteSpace(body.Prompt) || body.Prompt.Length > LongestPrompt)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"prompt\" must have 1 to {LongestPrompt} characters.", "prompt"));
        }

        if (body.MaxOutputTokens is < 1 or > MostTokens)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"max_output_tokens\" must be from 1 to {MostTokens}.", "max_output_tokens"));
        }

        return models.TryGet(name, out var model)
            ? TypedResults.Ok(await probe.TryAsync(model, body, Charge(http, model), cancellation))
            : new FailureResult(RunFailure.Invalid("model_makes_vectors", $"Model \"{name}\" turns texts into vectors and cannot answer; ask it at POST /v1/embeddings.", "name"));
    }

    private static BudgetScope Charge(HttpContext http, ModelEntry model) =>
        new(http.Caller().Tenant, http.Caller().KeyId, http.Caller().Team, null, "model:" + model.View.Name, 1, http.TraceIdentifier);
}
