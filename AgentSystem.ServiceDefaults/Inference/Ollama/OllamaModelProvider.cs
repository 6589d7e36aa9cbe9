using AgentSystem.ServiceDefaults.Inference.OpenAI;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Ollama;

/// <summary>Models of an Ollama server, asked through its OpenAI-compatible API (<c>{endpoint}/v1</c>). What is not pulled there is answered with what is.</summary>
internal sealed class OllamaModelProvider : IModelProvider
{
    private const string OwnEndpoint = "http://localhost:11434";

    public string Name => ModelProviders.Ollama;

    public IReadOnlyList<string> Kinds => [ModelKinds.Chat, ModelKinds.Embedding];

    public IEnumerable<string> Check(string at, ModelOptions settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Model))
        {
            yield return $"{at}:Model: missing. Give the name of a pulled model; 'ollama list' shows them.";
        }

        if (settings.ApiVersion is not null)
        {
            yield return $"{at}:ApiVersion: has no meaning for the provider '{Name}'. Remove it.";
        }

        foreach (var mistake in OpenAIProtocol.CheckEndpoint(at, settings, OwnEndpoint))
        {
            yield return mistake;
        }
    }

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings) =>
        (Describe(name, settings), OpenAIProtocol.Chat(At(settings), new PulledModels(name, settings.Model!, Server(settings))));

    public EmbeddingModel CreateEmbedder(string name, ModelOptions settings) =>
        new(Describe(name, settings), OpenAIProtocol.Embeddings(At(settings), new PulledModels(name, settings.Model!, Server(settings))), Dimensions: null, settings.Truncates ?? false);

    private ConfiguredModel Describe(string name, ModelOptions settings) => new(name, Name, settings.Model!, settings.ContextTokens, 0, 0);

    private static OpenAIProtocol.Endpoint At(ModelOptions settings) => new(new Uri(Server(settings) + "/v1"), settings.Model!, settings.ApiKey);

    private static string Server(ModelOptions settings)
    {
        var server = (settings.Endpoint ?? OwnEndpoint).TrimEnd('/');
        return server.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? server[..^"/v1".Length] : server;
    }
}
