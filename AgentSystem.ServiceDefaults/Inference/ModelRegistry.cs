using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>
/// The configured models and their clients, each built once: telemetry around a time-out around the provider's client. Nothing here tries again:
/// retries belong to the caller, who knows the budget.
/// </summary>
public sealed class ModelRegistry : IModelSource, IDisposable
{
    /// <summary>Name of the activity source and meter of every client (OpenTelemetry's GenAI conventions; no message content).</summary>
    public const string TelemetrySource = "AgentSystem.Inference";

    private readonly Dictionary<string, IChatClient> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EmbeddingModel> _embedders = new(StringComparer.OrdinalIgnoreCase);

    internal ModelRegistry(InferenceOptions options, IEnumerable<IModelProvider> providers, PriceList prices, TimeProvider time, ILoggerFactory loggers)
    {
        var models = new List<ConfiguredModel>();
        foreach (var (name, settings) in options.Models.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var provider = providers.First(known => string.Equals(known.Name, settings.Provider, StringComparison.OrdinalIgnoreCase));
            var limit = TimeSpan.FromSeconds(settings.TimeoutSeconds);
            if (ModelKinds.IsEmbedding(settings.Kind))
            {
                var embedder = provider.CreateEmbedder(name, settings);
                var generator = new EmbeddingGeneratorBuilder<string, Embedding<float>>(embedder.Generator)
                    .UseOpenTelemetry(loggers, TelemetrySource, telemetry => telemetry.EnableSensitiveData = false)
                    .Use(inner => new TimeLimitedEmbeddingGenerator(inner, name, limit, time))
                    .Use(inner => new NamedEmbeddingGenerator(inner, provider.Name))
                    .Build();
                _embedders.Add(name, embedder with { Model = Complete(embedder.Model, settings, prices), Generator = generator });
                models.Add(_embedders[name].Model);
                continue;
            }

            var (model, client) = provider.Create(name, settings);
            models.Add(Complete(model, settings, prices));
            _clients.Add(name, new ChatClientBuilder(client)
                .UseOpenTelemetry(loggers, TelemetrySource, telemetry => telemetry.EnableSensitiveData = false)
                .Use(inner => new TimeLimitedChatClient(inner, name, limit, time))
                .Use(inner => new NamedChatClient(inner, provider.Name))
                .Build());
        }

        Models = models;
    }

    /// <summary>All models, by name.</summary>
    public IReadOnlyList<ConfiguredModel> Models { get; }

    /// <summary>Finds a model's client by its configured name, without regard to case. The registry owns the client: do not dispose it.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out IChatClient? client) => _clients.TryGetValue(name, out client);

    /// <summary>Finds a model that makes vectors by its configured name, without regard to case. The registry owns the generator: do not dispose it.</summary>
    public bool TryGetEmbedder(string name, [NotNullWhen(true)] out EmbeddingModel? model) => _embedders.TryGetValue(name, out model);

    IReadOnlyList<ModelView> IModelSource.Models => [.. Models.Select(View)];

    T? IModelSource.Find<T>(string name)
        where T : class => TryGet(name, out var client) ? client as T : TryGetEmbedder(name, out var embedder) ? embedder.Generator as T : null;

    (int? Dimensions, bool Truncates) IModelSource.VectorsOf(string name) => TryGetEmbedder(name, out var embedder) ? (embedder.Dimensions, embedder.Truncates) : (null, false);

    /// <summary>Ends the clients; a local model finishes nothing that is still under way.</summary>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        foreach (var embedder in _embedders.Values)
        {
            embedder.Generator.Dispose();
        }
    }

    internal ILoadableModel? Loadable(string name) =>
        _clients.TryGetValue(name, out var client) ? client.GetService<ILoadableModel>()
        : _embedders.TryGetValue(name, out var embedder) ? embedder.Generator.GetService<ILoadableModel>()
        : null;

    private static ModelView View(ConfiguredModel model) => new(
        model.Name, model.Provider, model.Model, model.ContextTokens, model.InputUsdPerMillion, model.OutputUsdPerMillion,
        model.Kind == ModelKinds.Embedding ? ModelKind.Embedding : ModelKind.Chat,
        model.PriceSource,
        model.Fallbacks,
        new ModelLimits(model.RequestsPerMinute, model.TokensPerMinute, model.Concurrency));

    /// <summary>What every provider's description lacks: it is the same for all of them.</summary>
    private static ConfiguredModel Complete(ConfiguredModel model, ModelOptions settings, PriceList prices)
    {
        var own = settings.InputUsdPerMillion is not null || settings.OutputUsdPerMillion is not null;
        var listed = own ? null : prices.Find(model.Provider, model.Model);
        return model with
        {
            Kind = ModelKinds.IsEmbedding(settings.Kind) ? ModelKinds.Embedding : ModelKinds.Chat,
            InputUsdPerMillion = settings.InputUsdPerMillion ?? listed?.Input ?? 0,
            OutputUsdPerMillion = settings.OutputUsdPerMillion ?? listed?.Output ?? 0,
            PriceSource = own ? "configured" : listed is not null ? "list" : "none",
            Fallbacks = settings.FallbackNames,
            RequestsPerMinute = settings.RequestsPerMinute,
            TokensPerMinute = settings.TokensPerMinute,
            Concurrency = settings.Concurrency,
        };
    }
}
