using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Resilience;
using AgentSystem.ServiceDefaults.Inference;

namespace AgentSystem.Api.Models;

/// <summary>Puts together what is known of a model: its settings, its loading, its breaker, and what its last calls took.</summary>
internal sealed class ModelStatusReader(IModelDirectory models, ModelResilience resilience, ModelLoading loading)
{
    /// <summary>The status, or that there is no such model.</summary>
    public (ModelStatus? Status, RunFailure? Failure) Read(string name)
    {
        if (models.Models.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } model)
        {
            return (null, RunFailure.NotFound("model_not_found", $"There is no model \"{name}\"; GET /api/v1/models lists them.", "name"));
        }

        var health = resilience.Health(model.Name);
        var breaker = resilience.Breakers.FirstOrDefault(each => string.Equals(each.Key, model.Name, StringComparison.OrdinalIgnoreCase)).Value;
        var (state, detail) = Judge(model.Name, health, breaker);
        return (new ModelStatus(
            model, state, detail, breaker, health?.Calls ?? 0, health?.Failures ?? 0, health?.P50Ms, health?.FirstTokenP50Ms, health?.TokensPerSecond, health?.LastError, health?.LastErrorAt), null);
    }

    private (string State, string? Detail) Judge(string name, ModelHealth? health, string? breaker) => (loading.StateOf(name), breaker) switch
    {
        ("failed", _) => ("failed", loading.Failed.GetValueOrDefault(name)),
        ("loading", _) => ("loading", "It is being read into memory."),
        (_, "isolated") => ("failed", $"An operator opened its breaker; POST /api/v1/models/{name}/breaker with {{\"state\":\"closed\"}} lets calls through again."),
        (_, "open") => ("failed", health?.LastError ?? "It failed too often and rests."),
        ("ready", _) => ("ready", health is { LastFailed: true } ? health.LastError : null),
        _ => health switch
        {
            null or { Calls: 0 } => ("unknown", "It was not asked yet: Load on the console's Models page, or POST /api/v1/models/{name}/try, asks it.".Replace("{name}", name, StringComparison.Ordinal)),
            { LastFailed: true } => ("failed", health.LastError),
            _ => ("ready", null),
        },
    };
}
