using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;

namespace AgentSystem.Tests.Harness;

/// <summary>A directory with one scripted model under the name the seeded agents ask for.</summary>
public sealed class ScriptedModels(ScriptedModel model) : IModelDirectory
{
    private readonly ModelEntry small = new(new ModelView("small", "scripted", "scripted", 4096, 1m, 2m), model);

    public IReadOnlyList<ModelView> Models => [small.View];

    public bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model)
    {
        model = name == small.View.Name ? small : null;
        return model is not null;
    }
}
