using System.Numerics.Tensors;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Resilience;

namespace AgentSystem.Runtime.Agents;

/// <summary>The configured models as embeddings of the memory.</summary>
internal sealed class MemoryModels(IModelDirectory models, Embedder embedder, TimeProvider time) : IMemoryModels
{
    public IMemoryEmbedding? Embedding(string model) => models.TryGetEmbedder(model, out var entry) ? new ModelEmbedding(entry, embedder, time) : null;

    /// <summary>A model that is asked: what it costs is the platform's, no budget is charged.</summary>
    private sealed class ModelEmbedding(EmbedderEntry model, Embedder embedder, TimeProvider time) : IMemoryEmbedding
    {
        // Another model behind the same name makes other vectors.
        public string Id { get; } = $"{model.View.Provider}:{model.View.Name}:{model.View.Model}";

        public bool Immediate => false;

        public async Task<IReadOnlyList<float[]>> EmbedAsync(string tenant, IReadOnlyList<string> texts, CancellationToken cancellation)
        {
            try
            {
                var vectors = await embedder.EmbedAsync(model, texts, null, new RunReport(time, time.GetTimestamp()), null, cancellation).ConfigureAwait(false);
                return [.. vectors.Select(static vector => Unit(vector.Span))];
            }
            catch (ModelCallException e)
            {
                throw new MemoryEmbeddingException($"model \"{model.View.Name}\" does not embed now: {e.Message}", e);
            }
        }

        private static float[] Unit(ReadOnlySpan<float> vector)
        {
            var (unit, length) = (vector.ToArray(), TensorPrimitives.Norm(vector));
            if (length > 0)
            {
                TensorPrimitives.Divide(unit, length, unit);
            }

            return unit;
        }
    }
}
