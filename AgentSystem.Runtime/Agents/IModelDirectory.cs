using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>The configured models. The host supplies it; the runtime never builds a model client itself.</summary>
public interface IModelDirectory
{
    /// <summary>All models, by name.</summary>
    IReadOnlyList<ModelView> Models { get; }

    /// <summary>Finds the client of a model that answers conversations, by its configured name.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model);

    /// <summary>Finds a model that turns texts into vectors, by its configured name. A directory without any finds none.</summary>
    bool TryGetEmbedder(string name, [NotNullWhen(true)] out EmbedderEntry? model)
    {
        model = null;
        return false;
    }
}

/// <summary>A model that can be called.</summary>
public sealed record ModelEntry(ModelView View, IChatClient Client)
{
    /// <summary>The engine in this process runs text models; an image silently dropped would be a wrong answer.</summary>
    public bool TextOnly => View.Provider.StartsWith("onnx", StringComparison.Ordinal);

    /// <summary>True for a model behind somebody's service: what it is asked leaves the process, and it is large enough to follow marks in its prompt.</summary>
    public bool IsRemote => View.Provider is "openai" or "azure" or "ollama";
}

/// <summary>A model that turns texts into vectors.</summary>
/// <param name="View">What it is.</param>
/// <param name="Generator">How to ask it. The directory owns it: do not dispose it.</param>
/// <param name="Dimensions">Numbers in a vector; null when only its provider knows.</param>
/// <param name="Truncates">True when it can be asked for shorter vectors.</param>
public sealed record EmbedderEntry(ModelView View, IEmbeddingGenerator<string, Embedding<float>> Generator, int? Dimensions, bool Truncates);
