using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Models;

/// <summary>An embedding model whose failures are the runtime's.</summary>
internal sealed class TranslatedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string model) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GenerateAsync(values, options, cancellationToken);
        }
        catch (Exception e) when (TranslatedFailures.Read(e, model) is { } translated)
        {
            throw translated;
        }
    }
}
