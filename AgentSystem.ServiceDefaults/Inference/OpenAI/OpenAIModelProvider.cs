using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

/// <summary>Models behind OpenAI's protocol, at OpenAI or at any compatible endpoint.</summary>
internal sealed class OpenAIModelProvider : IModelProvider
{
    private static readonly Uri OwnEndpoint = new("https://api.openai.com/v1");

    public string Name => ModelProviders.OpenAI;

    public IReadOnlyList<string> Kinds => [ModelKinds.Chat, ModelKinds.Embedding];

    public IEnumerable<string> Check(string at, ModelOptions settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Model))
        {
            yield return $"{at}:Model: missing. Give the name the endpoint knows the model by.";
        }

        foreach (var mistake in OpenAIProtocol.CheckEndpoint(at, settings, "http://localhost:11434/v1"))
        {
            yield return mistake;
        }

        if (settings.Endpoint is null && string.IsNullOrWhiteSpace(settings.ApiKey))
        {
            yield return $"{at}:ApiKey: missing. {OwnEndpoint} asks for a key; give it, or name another endpoint in {at}:Endpoint.";
        }

        if (settings.ApiVersion is not null)
        {
            yield return $"{at}:ApiVersion: has no meaning for the provider '{Name}'. Remove it, or set {at}:Provider to '{ModelProviders.Azure}'.";
        }
    }

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings) => (Describe(name, settings), OpenAIProtocol.Chat(At(settings)));

    public EmbeddingModel CreateEmbedder(string name, ModelOptions settings) =>
        new(Describe(name, settings), OpenAIProtocol.Embeddings(At(settings)), Dimensions: null, OpenAIProtocol.Truncates(settings));

    private ConfiguredModel Describe(string name, ModelOptions settings) => new(name, Name, settings.Model!, settings.ContextTokens, 0, 0);

    private static OpenAIProtocol.Endpoint At(ModelOptions settings) =>
        new(settings.Endpoint is null ? OwnEndpoint : new Uri(settings.Endpoint), settings.Model!, settings.ApiKey);
}
