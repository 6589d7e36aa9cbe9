using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

/// <summary>Models behind OpenAI's protocol, at OpenAI or at any compatible endpoint.</summary>
internal sealed class OpenAIModelProvider : IModelProvider
{
    private static readonly Uri OwnEndpoint = new("https://api.openai.com/v1");

    /// <summary>Endpoints that ask for no key still get the header the client insists on sending.</summary>
    private const string NoKey = "none";

    public string Name => ModelProviders.OpenAI;

    public IEnumerable<string> Check(string at, ModelOptions settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Model))
        {
            yield return $"{at}:Model: missing. Give the name the endpoint knows the model by.";
        }

        if (settings.Endpoint is not null
            && !(Uri.TryCreate(settings.Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
        {
            yield return $"{at}:Endpoint: '{settings.Endpoint}' is not an absolute http or https address such as http://localhost:11434/v1.";
        }

        if (settings.Endpoint is null && string.IsNullOrWhiteSpace(settings.ApiKey))
        {
            yield return $"{at}:ApiKey: missing. {OwnEndpoint} asks for a key; give it, or name another endpoint in {at}:Endpoint.";
        }

        if (settings.Path is not null)
        {
            yield return $"{at}:Path: has no meaning for the provider '{Name}'. Remove it, or set {at}:Provider to '{ModelProviders.Onnx}'.";
        }
    }

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = settings.Endpoint is null ? OwnEndpoint : new Uri(settings.Endpoint),
            // Retries and deadlines are the caller's: a second layer here would multiply them and hide their cost.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(CreateHttpClient()),
        };
        var credential = new ApiKeyCredential(string.IsNullOrWhiteSpace(settings.ApiKey) ? NoKey : settings.ApiKey);
        var client = new StatusChatClient(new ChatClient(settings.Model, credential, options).AsIChatClient());
        var model = new ConfiguredModel(name, Name, settings.Model!, settings.ContextTokens, settings.InputUsdPerMillion, settings.OutputUsdPerMillion);
        return (model, client);
    }

    // Not from the factory: the host's defaults for outgoing calls (resilience handlers) would retry behind the caller's back.
    private static HttpClient CreateHttpClient() =>
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
}
