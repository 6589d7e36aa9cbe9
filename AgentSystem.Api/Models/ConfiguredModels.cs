using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.ServiceDefaults.Inference;

namespace AgentSystem.Api.Models;

/// <summary>The host's models as the runtime sees them.</summary>
internal sealed class ConfiguredModels : IModelDirectory
{
    private readonly Dictionary<string, ModelEntry> byName = new(StringComparer.OrdinalIgnoreCase);

    public ConfiguredModels(ModelRegistry registry)
    {
        foreach (var model in registry.Models)
        {
            if (registry.TryGet(model.Name, out var client))
            {
                var view = new ModelView(model.Name, model.Provider, model.Model, model.ContextTokens, model.InputUsdPerMillion, model.OutputUsdPerMillion);
                byName[model.Name] = new ModelEntry(view, new TranslatedChatClient(client));
            }
        }

        Models = [.. byName.Values.Select(m => m.View).OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<ModelView> Models { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model) => byName.TryGetValue(name, out model);
}
