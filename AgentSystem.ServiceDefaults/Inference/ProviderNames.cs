using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The values of <c>gen_ai.provider.name</c> in OpenTelemetry's GenAI conventions (v1.41): the one map from <c>Models:&lt;name&gt;:Provider</c>. What the conventions have no value for keeps ours.</summary>
internal static class ProviderNames
{
    /// <summary>The conventions' value for a provider.</summary>
    public static string Of(string provider) => provider switch
    {
        ModelProviders.OpenAI => "openai",
        ModelProviders.Azure => "azure.ai.openai",
        // Two engines for the same folders are one provider to whoever reads the figures.
        ModelProviders.OnnxGenAI => ModelProviders.Onnx,
        _ => provider,
    };
}

/// <summary>Gives a client's metadata the conventions' name, which its spans, its metrics and the agent's span take from there: the client of a protocol knows only whose protocol it is.</summary>
internal sealed class NamedChatClient(IChatClient inner, string provider) : DelegatingChatClient(inner)
{
    public override object? GetService(Type serviceType, object? serviceKey = null) => base.GetService(serviceType, serviceKey) switch
    {
        ChatClientMetadata known => new ChatClientMetadata(ProviderNames.Of(provider), known.ProviderUri, known.DefaultModelId),
        var other => other,
    };
}

/// <summary>The same for a model that makes vectors.</summary>
internal sealed class NamedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string provider) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override object? GetService(Type serviceType, object? serviceKey = null) => base.GetService(serviceType, serviceKey) switch
    {
        EmbeddingGeneratorMetadata known => new EmbeddingGeneratorMetadata(ProviderNames.Of(provider), known.ProviderUri, known.DefaultModelId, known.DefaultModelDimensions),
        var other => other,
    };
}
