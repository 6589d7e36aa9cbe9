using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>The configured models. The host supplies it; the runtime never builds a model client itself.</summary>
public interface IModelDirectory
{
    /// <summary>All models, by name.</summary>
    IReadOnlyList<ModelView> Models { get; }

    /// <summary>Finds a model's client by its configured name.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model);
}

/// <summary>A model that can be called.</summary>
public sealed record ModelEntry(ModelView View, IChatClient Client);
