using System.Numerics.Tensors;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Embedding;

/// <summary>
/// Vectors from a model folder of the BERT family run in this process, pooled as its files say and scaled to length 1. Some families want a prefix in the text (e5: <c>query: </c> and
/// <c>passage: </c>): that is the caller's to write, because only the caller knows which of the two a text is.
/// </summary>
internal sealed class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>, ILoadableModel
{
    /// <summary>Texts of one run of the network: more fill memory with padding rather than the processor with work.</summary>
    private const int BatchSize = 16;

    private readonly ConfiguredModel _model;
    private readonly LoadOnce<OnnxEmbeddingModel> _loading;
    private readonly SemaphoreSlim _atOnce;
    private readonly EmbeddingGeneratorMetadata _metadata;

    public OnnxEmbeddingGenerator(ConfiguredModel model, Func<OnnxEmbeddingModel> load, int atOnce)
    {
        (_model, _loading, _atOnce) = (model, new LoadOnce<OnnxEmbeddingModel>(load), new SemaphoreSlim(atOnce, atOnce));
        _metadata = new EmbeddingGeneratorMetadata(model.Provider, providerUri: null, model.Model);
    }

    public Task LoadAsync(CancellationToken cancellationToken) => _loading.GetAsync(retry: true, cancellationToken);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var model = await _loading.GetAsync(retry: false, cancellationToken).ConfigureAwait(false);
        var texts = values.Select(model.Text.Encode).ToArray();
        if (Array.Find(texts, text => text.Count > _model.ContextTokens) is { } tooLong)
        {
            throw new ModelInputTooLongException(_model.Name, tooLong.Count, _model.ContextTokens!.Value);
        }

        var vectors = new float[texts.Length][];
        // Texts of like length share a run, so that little of it is padding.
        foreach (var batch in Enumerable.Range(0, texts.Length).OrderBy(index => texts[index].Count).Chunk(BatchSize))
        {
            await RunAsync(model, texts, vectors, batch, cancellationToken).ConfigureAwait(false);
        }

        var tokens = texts.Sum(static text => (long)text.Count);
        return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(vector => new Embedding<float>(Shorten(vector, options?.Dimensions)) { ModelId = _model.Model }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
        _loading.Dispose();
        _atOnce.Dispose();
    }

    private async Task RunAsync(OnnxEmbeddingModel model, IReadOnlyList<int>[] texts, float[][] vectors, int[] batch, CancellationToken cancellation)
    {
        await _atOnce.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var made = await Task.Run(() => model.Run([.. batch.Select(index => texts[index])]), cancellation).ConfigureAwait(false);
            for (var row = 0; row < batch.Length; row++)
            {
                vectors[batch[row]] = made[row];
            }
        }
        finally
        {
            _atOnce.Release();
        }
    }

    /// <summary>The first numbers, scaled to length 1 again: only models trained for it (Kusupati et al., "Matryoshka Representation Learning", 2022) keep their sense.</summary>
    private static float[] Shorten(float[] vector, int? dimensions)
    {
        if (dimensions is not { } shorter || shorter >= vector.Length)
        {
            return vector;
        }

        var cut = vector[..shorter];
        var length = TensorPrimitives.Norm<float>(cut);
        if (length > 0)
        {
            TensorPrimitives.Divide(cut, length, cut);
        }

        return cut;
    }
}
