using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Hashed;

/// <summary>Vectors counted from words and letters: no model, nothing to download, and no understanding either.</summary>
internal sealed class HashedModelProvider : IModelProvider
{
    private const string Version = "hashed-ngrams-1";

    public string Name => ModelProviders.Hashed;

    public IReadOnlyList<string> Kinds => [ModelKinds.Embedding];

    public IEnumerable<string> Check(string at, ModelOptions settings)
    {
        foreach (var (key, value) in new[] { ("Path", settings.Path), ("Endpoint", settings.Endpoint), ("Model", settings.Model), ("ApiKey", settings.ApiKey), ("ApiVersion", settings.ApiVersion) })
        {
            if (value is not null)
            {
                yield return $"{at}:{key}: has no meaning for the provider '{Name}', which needs no model. Remove it, or set another {at}:Provider.";
            }
        }
    }

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings) =>
        throw new NotSupportedException($"The provider '{Name}' makes vectors only.");

    public EmbeddingModel CreateEmbedder(string name, ModelOptions settings) =>
        new(new ConfiguredModel(name, Name, Version, settings.ContextTokens, 0, 0), new HashedEmbeddingGenerator(Version), HashedEmbeddingGenerator.Dimensions, Truncates: false);
}
