using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>The host's models as the runtime calls them.</summary>
internal sealed class HostedModels : IModelDirectory
{
    private readonly Dictionary<string, ModelEntry> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EmbedderEntry> embedders = new(StringComparer.OrdinalIgnoreCase);

    public HostedModels(IModelSource source)
    {
        Models = [.. source.Models.OrderBy(static model => model.Name, StringComparer.Ordinal)];
        foreach (var model in Models)
        {
            if (source.Find<IChatClient>(model.Name) is { } client)
            {
                byName[model.Name] = new ModelEntry(model, client);
            }
            else if (source.Find<IEmbeddingGenerator<string, Embedding<float>>>(model.Name) is { } generator)
            {
                var (dimensions, truncates) = source.VectorsOf(model.Name);
                embedders[model.Name] = new EmbedderEntry(model, generator, dimensions, truncates);
            }
        }
    }

    public IReadOnlyList<ModelView> Models { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model) => byName.TryGetValue(name, out model);

    public bool TryGetEmbedder(string name, [NotNullWhen(true)] out EmbedderEntry? model) => embedders.TryGetValue(name, out model);
}
