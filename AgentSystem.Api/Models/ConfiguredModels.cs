using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.ServiceDefaults.Inference;

namespace AgentSystem.Api.Models;

/// <summary>The host's models as the runtime sees them.</summary>
internal sealed class ConfiguredModels : IModelDirectory
{
    private readonly Dictionary<string, ModelEntry> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EmbedderEntry> embedders = new(StringComparer.OrdinalIgnoreCase);

    public ConfiguredModels(ModelRegistry registry)
    {
        foreach (var model in registry.Models)
        {
            if (registry.TryGet(model.Name, out var client))
            {
                byName[model.Name] = new ModelEntry(View(model), new TranslatedChatClient(client, model.Name));
            }
            else if (registry.TryGetEmbedder(model.Name, out var embedder))
            {
                embedders[model.Name] = new EmbedderEntry(View(model), new TranslatedEmbeddingGenerator(embedder.Generator, model.Name), embedder.Dimensions, embedder.Truncates);
            }
        }

        Models = [.. registry.Models.Select(View).OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<ModelView> Models { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model) => byName.TryGetValue(name, out model);

    public bool TryGetEmbedder(string name, [NotNullWhen(true)] out EmbedderEntry? model) => embedders.TryGetValue(name, out model);

    private static ModelView View(ConfiguredModel model) => new(
        model.Name, model.Provider, model.Model, model.ContextTokens, model.InputUsdPerMillion, model.OutputUsdPerMillion,
        model.Kind == ModelKinds.Embedding ? ModelKind.Embedding : ModelKind.Chat,
        model.PriceSource,
        model.Fallbacks,
        new ModelLimits(model.RequestsPerMinute, model.TokensPerMinute, model.Concurrency));
}
