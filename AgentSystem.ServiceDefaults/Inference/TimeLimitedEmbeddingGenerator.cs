using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Ends a call that takes too long with <see cref="TimeoutException"/>.</summary>
internal sealed class TimeLimitedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string model, TimeSpan limit, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var expiry = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        try
        {
            return await base.GenerateAsync(values, options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The model '{model}' made no vectors within {limit.TotalSeconds} s; raise {InferenceOptions.Section}:{model}:TimeoutSeconds if it needs longer.", error);
        }
    }
}
