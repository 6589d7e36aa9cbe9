using AgentSystem.ServiceDefaults.Inference.OpenAI;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Azure;

/// <summary>
/// Azure OpenAI. Without <c>ApiVersion</c> the v1 API, where the deployment is the <c>model</c> of the body (<c>{resource}/openai/v1/chat/completions</c>); with it the dated API, where it is
/// part of the path (<c>{resource}/openai/deployments/{deployment}/chat/completions?api-version=...</c>). The key goes into the header <c>api-key</c>.
/// </summary>
internal sealed class AzureModelProvider : IModelProvider
{
    private const string Example = "https://my-resource.openai.azure.com";

    public string Name => ModelProviders.Azure;

    public IReadOnlyList<string> Kinds => [ModelKinds.Chat, ModelKinds.Embedding];

    public IEnumerable<string> Check(string at, ModelOptions settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Endpoint))
        {
            yield return $"{at}:Endpoint: missing. Give the resource's address, such as {Example}.";
        }

        if (string.IsNullOrWhiteSpace(settings.Model))
        {
            yield return $"{at}:Model: missing. Give the name of the deployment, not of the model it deploys.";
        }

        if (string.IsNullOrWhiteSpace(settings.ApiKey))
        {
            yield return $"{at}:ApiKey: missing. Give one of the two keys of the resource.";
        }

        if (settings.ApiVersion is { } version && version.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-'))
        {
            yield return $"{at}:ApiVersion: '{version}' is no version such as 2024-10-21; leave it out for the v1 API.";
        }

        foreach (var mistake in OpenAIProtocol.CheckEndpoint(at, settings, Example))
        {
            yield return mistake;
        }
    }

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings) =>
        (Describe(name, settings), OpenAIProtocol.Chat(At(settings), new Advice(name)));

    public EmbeddingModel CreateEmbedder(string name, ModelOptions settings) =>
        new(Describe(name, settings), OpenAIProtocol.Embeddings(At(settings), new Advice(name)), Dimensions: null, OpenAIProtocol.Truncates(settings));

    private ConfiguredModel Describe(string name, ModelOptions settings) => new(name, Name, settings.Model!, settings.ContextTokens, 0, 0);

    private static OpenAIProtocol.Endpoint At(ModelOptions settings)
    {
        // People paste what the portal shows: with or without the path of one of the two APIs.
        var resource = settings.Endpoint!.TrimEnd('/');
        resource = resource.EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase) ? resource[..^"/openai/v1".Length] : resource;
        return settings.ApiVersion is { } version
            ? new(new Uri($"{resource}/openai/deployments/{Uri.EscapeDataString(settings.Model!)}"), settings.Model!, settings.ApiKey, "api-key", $"api-version={version}")
            : new(new Uri($"{resource}/openai/v1"), settings.Model!, settings.ApiKey, "api-key");
    }

    private sealed class Advice(string name) : IProviderAdvice
    {
        public ValueTask<string?> OnStatusAsync(int status, CancellationToken cancellation) => new(status == 404
            ? $"The resource of model \"{name}\" has no such deployment, or not this API version; check Models:{name}:Model, Models:{name}:Endpoint and Models:{name}:ApiVersion."
            : null);
    }
}
