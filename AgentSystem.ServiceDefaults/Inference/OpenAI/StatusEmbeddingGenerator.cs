using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

/// <summary>Reports the endpoint's failures in our words.</summary>
internal sealed class StatusEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ProviderErrors errors) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GenerateAsync(values, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ProviderErrors.IsExpected(e))
        {
            throw await errors.ReadAsync(e, cancellationToken).ConfigureAwait(false);
        }
    }
}
