using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Memory;

/// <summary>What turns memories into vectors.</summary>
internal interface IMemoryEmbedding
{
    /// <summary>Names it and everything that changes a vector: vectors of two ids are never compared.</summary>
    string Id { get; }

    /// <summary>True where it costs nothing to ask: a memory's vector is then written together with the memory.</summary>
    bool Immediate { get; }

    /// <summary>The vectors of some texts of a tenant, in their order, each of length 1.</summary>
    /// <exception cref="MemoryEmbeddingException">It cannot be asked now.</exception>
    Task<IReadOnlyList<float[]>> EmbedAsync(string tenant, IReadOnlyList<string> texts, CancellationToken cancellation);
}

/// <summary>Gives an embedding by the name of a model; whoever knows the models implements it.</summary>
internal interface IMemoryModels
{
    /// <summary>An embedding by <paramref name="model"/>; null where no model of that name can embed.</summary>
    IMemoryEmbedding? Embedding(string model);
}

/// <summary>The model behind an embedding did not answer. What is to be kept is kept and embedded later; a search goes on without vectors.</summary>
internal sealed class MemoryEmbeddingException(string message, Exception inner) : Exception(message, inner);

/// <summary>The built-in embedding, see <see cref="HashedEmbedding"/>.</summary>
internal sealed class HashedMemoryEmbedding : IMemoryEmbedding
{
    public string Id => HashedEmbedding.Name;

    public bool Immediate => true;

    public Task<IReadOnlyList<float[]>> EmbedAsync(string tenant, IReadOnlyList<string> texts, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<float[]>>([.. texts.Select(HashedEmbedding.Embed)]);
}
